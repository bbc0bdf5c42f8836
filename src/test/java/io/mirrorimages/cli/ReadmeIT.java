package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command line of the README, with the built launcher, in the README's order: only the
 * private registry's name and the absolute folders are replaced. The scripts it names are run by
 * CI.
 */
class ReadmeIT {
  private static final Pattern BLOCK = Pattern.compile("```(?:sh|cron)\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^\\s*(?:[0-9*]+ [0-9*]+ \\* \\* \\* +)?((?:mirror-images|sha256sum) .*)$");

  @TempDir private Path folder;

  @Test
  void everyCommandOfTheReadmeWorks() throws Exception {
    Path program = Path.of(System.getProperty("mirror-images.command"));
    try (DockerRegistry upstream = DockerRegistry.open();
        DockerRegistry harbor = DockerRegistry.open()) {
      Files.write(
          folder.resolve("rancher-images.txt"),
          List.of(addImage(upstream, "shell"), addImage(upstream, "agent")));
      Files.write(
          folder.resolve("rancher-images-v2.10.4.txt"), List.of(addImage(upstream, "shell")));
      Files.copy(
          folder.resolve("rancher-images.txt"), folder.resolve("rancher-images-v2.13.2.txt"));
      Files.writeString(folder.resolve("password.txt"), "secret\n");
      Files.createDirectories(folder.resolve("etc"));
      Files.copy(folder.resolve("rancher-images.txt"), folder.resolve("etc/rancher-images.txt"));

      List<String> commands = commands(Files.readString(Path.of("README.md")));
      assertThat(commands).hasSizeGreaterThanOrEqualTo(9);
      for (String command : commands) {
        run(
            program,
            command
                .replace("harbor.example.com", harbor.name())
                .replace("/etc/mirror-images", folder.resolve("etc").toString())
                .replace("/var/lib/mirror-images", folder.toString()));
      }
    }
  }

  private static List<String> commands(String readme) {
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(readme);
    while (block.find()) {
      Matcher command = COMMAND.matcher(block.group(1));
      while (command.find()) {
        commands.add(command.group(1));
      }
    }
    return commands;
  }

  private void run(Path program, String command) throws IOException, InterruptedException {
    Path log = folder.resolve("command.log");
    boolean serves = command.contains(" serve ");
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh", "-c", "exec " + (serves ? command + " --listen 127.0.0.1:0" : command))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("DOCKER_CONFIG", folder.toString());
    builder
        .environment()
        .merge("PATH", program.getParent().toString(), (old, bin) -> bin + ":" + old);
    Process process = builder.start();
    try {
      if (serves) {
        awaitText(process, log, "serving 2 images on http://127.0.0.1:");
      } else {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
        assertThat(process.exitValue()).as(command + "\n" + Files.readString(log)).isZero();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void awaitText(Process process, Path log, String text)
      throws IOException, InterruptedException {
    while (!Files.readString(log).contains(text)) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(Files.readString(log)).isFalse();
    }
  }

  private static String addImage(DockerRegistry upstream, String name) throws IOException {
    TestImages images = new TestImages();
    String full = upstream.name() + "/rancher/" + name + ":v1";
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      images.store(
          images.plan(full, images.image(TestImages.AMD64, images.layer(name, 1000))),
          registries.asTarget());
    }
    return full;
  }
}
