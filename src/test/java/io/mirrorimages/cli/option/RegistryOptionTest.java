package io.mirrorimages.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.cli.Command;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.report.line.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Errors about names at the target say which option to change. */
class RegistryOptionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "user@harbor.example.com",
        "harbor.example.com/Upper",
        "harbor .example",
        "harbor/a//b"
      })
  void refusesWhatIsNoRegistry(String text) {
    assertThatThrownBy(() -> option("--registry", text).destination())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--registry");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "kube.yaml", "ca.crt"})
  void refusesAFile(String name) throws Exception {
    Path file = Files.writeString(folder.resolve(name), "s3cret");

    assertThatThrownBy(() -> option("--registry", file.toString()).destination())
        .isInstanceOf(UsageException.class)
        .hasMessage("--registry " + file + " is a file, not a registry: give HOST[/PROJECT]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rancher", "=x", "(=x", "(?<=a)b=x", "^a=$1", "^(a)=${2}", "^(a)=$n"})
  void refusesWhatIsNoRule(String rule) {
    assertThat(Command.run("verify", "--registry", "h.io", "--map", rule).complaint(2))
        .startsWith("mirror-images: --map: ");
  }

  @Test
  void refusesNamesThatTheRegistryIsKnownToRefuse() throws Exception {
    List<Reference> names = List.of(Reference.parse("rancher/shell:v1"));

    assertThat(RegistryOption.requests(Destination.parse("ghcr.io"), names)).hasSize(1);
    assertThatThrownBy(() -> RegistryOption.requests(Destination.parse("docker.io/me"), names))
        .hasMessageContainingAll("Docker Hub", "docker.io/me/rancher/shell:v1", "{setting map}");
    assertThatThrownBy(() -> RegistryOption.requests(Destination.parse("eu-docker.pkg.dev"), names))
        .hasMessageContainingAll("PROJECT/REPOSITORY/IMAGE", "{setting registry}");
  }

  @Test
  void aRuleThatMakesNoNameIsNamed() throws Exception {
    assertThat(verify("rancher/shell:v1\n", "--map", "rancher=Upper"))
        .contains("--map: the mapping makes", "Upper/shell", "docker.io/rancher/shell")
        .endsWith("(try mirror-images help verify)");
  }

  @Test
  void collisionsAreAvoidedWithMapping() throws Exception {
    assertThat(verify("quay.io/a/b:1\nghcr.io/a/b:1\n"))
        .contains("quay.io/a/b:1", "ghcr.io/a/b:1", "h.io/a/b:1", "--mapping by-registry", "--map");
  }

  @Test
  void aHintTellsWhereShortNamesAreLookedFor() throws Exception {
    List<Reference> images =
        Stream.of("rancher/shell:v1", "busybox:1", "registry:2", "busybox:2")
            .map(Reference::parse)
            .toList();

    assertThat(hint(images)).contains("busybox and 1 more", "rancher/busybox", "--mapping rancher");
    assertThat(hint(images.subList(0, 1))).isEmpty();
  }

  private String verify(String list, Object... more) throws Exception {
    Path file = Files.writeString(folder.resolve("list.txt"), list);
    return Command.run(
            Stream.concat(
                    Stream.of("verify", "--list", file, "--registry", "h.io"), Stream.of(more))
                .toArray())
        .complaint(2);
  }

  private static String hint(List<Reference> images) throws Exception {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    RegistryOption.requests(
        Destination.parse("h.io"),
        images,
        Console.notices(new PrintStream(err, true, StandardCharsets.UTF_8)));
    return err.toString(StandardCharsets.UTF_8);
  }

  private static RegistryOption option(String... arguments) {
    RegistryOption option = new RegistryOption();
    new CommandLine(option).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return option;
  }
}
