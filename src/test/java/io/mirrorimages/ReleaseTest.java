package io.mirrorimages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What a release needs before it is published: a change log, its tag, checksums, a signature. */
class ReleaseTest {
  private static final String SIGN = "scripts/sign-release";

  @TempDir private Path folder;
  private Path changes;

  @BeforeEach
  void aCheckoutOfVersion123() throws IOException {
    changes = folder.resolve("src/site/markdown/changes.md");
    Files.createDirectories(changes.getParent());
    Files.createDirectories(folder.resolve("scripts"));
    Files.createDirectories(folder.resolve("target/release"));
    Files.copy(Path.of(SIGN), folder.resolve(SIGN));
    folder.resolve(SIGN).toFile().setExecutable(true);
    Files.writeString(folder.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n");
    Files.writeString(changes, "# What changed\n\n## Not released yet\n\n## 1.2.3 (2026-12-01)\n");
  }

  @Test
  void aReleaseHasAChangeLogAndATagOfItsVersion() throws Exception {
    assertThat(run(0, SIGN, "--check", "v1.2.3")).isEmpty();
    assertThat(run(1, SIGN, "--check", "v1.2.4")).contains("the tag must be v1.2.3");
    Files.writeString(changes, "# What changed\n\n## Not released yet\n\n## 1.2.2\n");
    assertThat(run(1, SIGN, "--check", "v1.2.3")).contains("no section \"## 1.2.3\"");
    assertThat(run(1, SIGN, "key")).contains("no section \"## 1.2.3\"");
  }

  @Test
  void onlyAReleaseThatIsWholeIsSigned() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/ssh-keygen")), "ssh-keygen is installed");
    run(0, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key");
    Path release = folder.resolve("target/release");
    Path tarball = Files.writeString(release.resolve("mirror-images-1.2.3.tar.gz"), "content");
    run(0, "sh", "-c", "cd target/release && sha256sum mirror-images* >SHA256SUMS");

    run(0, SIGN, "key");
    String verify =
        "echo \"release $(cat key.pub)\" >signers; cd target/release; ssh-keygen -Y verify"
            + " -f ../../signers -I release -n mirror-images -s SHA256SUMS.sig <SHA256SUMS";
    assertThat(run(0, "sh", "-c", verify)).startsWith("Good \"mirror-images\" signature");

    for (String name : List.of("mirror-images-9.deb", "mirror-images-9-oci.tar")) {
      Path stranger = Files.writeString(release.resolve(name), "not listed");
      assertThat(run(1, SIGN, "key")).contains(name + " is not in SHA256SUMS");
      Files.delete(stranger);
    }
    Files.writeString(tarball, "other content");
    assertThat(run(1, SIGN, "key")).contains("a file does not have its checksum");
  }

  @Test
  void workflowsCallScriptsThatExist() throws IOException {
    int seen = 0;
    try (Stream<Path> files = Files.walk(Path.of(".github"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".yml")).toList()) {
        String text = Files.readString(file);
        Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        assertThat(content).as(file.toString()).isInstanceOf(Map.class);
        List<String> scripts =
            Pattern.compile("(?:scripts/|\\.ci/)[\\w-]+")
                .matcher(text)
                .results()
                .map(script -> script.group())
                .toList();
        assertThat(scripts).allMatch(script -> Files.isExecutable(Path.of(script)));
        seen += scripts.size();
      }
    }
    assertThat(seen).isGreaterThan(3);
  }

  private String run(int exitCode, String... command) throws Exception {
    Path said = folder.resolve("said.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(exitCode);
    return Files.readString(said);
  }
}
