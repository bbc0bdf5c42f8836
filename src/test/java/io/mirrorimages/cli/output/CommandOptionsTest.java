package io.mirrorimages.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class CommandOptionsTest {
  @Command(name = "load")
  private static final class Load {
    @Parameters(arity = "0..*")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--archive", arity = "1..*")
    private List<String> archives = new ArrayList<>();

    @Option(names = "--registry")
    private String registry;

    @Option(names = "--list")
    private List<String> lists = new ArrayList<>();
  }

  @Command(name = "save")
  private static final class Save {
    @Parameters(arity = "0..*")
    private List<String> images = new ArrayList<>();
  }

  @ParameterizedTest
  @CsvSource({
    "v-0001.tar, v.tar",
    "v-0003.tar, v.tar",
    "v-*.tar, v.tar",
    "v-0001.tar v-0002.tar w.tar, v.tar w.tar",
    "/usb/v-0001, /usb/v",
    "rancher-2024.tar, rancher-2024.tar",
    "rancher-20240101.tar, rancher-20240101.tar",
    "v-001.tar, v-001.tar",
    "oci:v-0001, oci:v-0001",
  })
  void theVolumesOfOneArchiveAreOneJob(String given, String job) {
    assertThat(job(new Load(), given + " --registry h")).isEqualTo("load " + job + " --registry h");
    assertThat(job(new Load(), "--registry h --archive " + given))
        .isEqualTo("load --archive " + job + " --registry h");
  }

  @Test
  void onlyArchivesHaveVolumes() {
    assertThat(job(new Save(), "rancher-0001")).isEqualTo("save rancher-0001");
    assertThat(job(new Load(), "a.tar --list x-0001.tar"))
        .isEqualTo("load a.tar --list x-0001.tar");
  }

  private static String job(Object command, String line) {
    CommandLine parser = new CommandLine(command);
    parser.parseArgs(line.split(" "));
    return CommandOptions.job(parser.getCommandSpec()).words();
  }
}
