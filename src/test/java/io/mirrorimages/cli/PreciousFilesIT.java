package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that no run has made, under names that a run is told to write. */
@Timeout(300)
class PreciousFilesIT {
  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private FaultyRegistry upstream;
  private Path list;
  private Path archive;

  @BeforeEach
  void start() throws IOException {
    upstream = new FaultyRegistry();
    var image = images.image(TestImages.AMD64, images.layer("layer", 1000));
    upstream.addManifest("rancher/a", "v1", image.bytes(), image.mediaType());
    image.blobs().forEach(blob -> upstream.addBlob(images.content(blob.digest())));
    list = Files.writeString(folder.resolve("l.txt"), upstream.name() + "/rancher/a:v1\n");
    archive = folder.resolve("a.tar");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--failed", "--report"})
  void whatNoRunHasWrittenIsNotReplaced(String option) throws IOException {
    for (String text :
        List.of("docker.io/rancher/shell:v1\n", "# my notes\n", "{\"mine\":1}", "\u00ff\u0000")) {
      Path precious = Files.writeString(folder.resolve("precious"), text);

      assertThat(save(option, precious).complaint(2)).contains(option, "precious", "name another");

      assertThat(precious).hasContent(text);
    }
    assertThat(upstream.seen()).isEmpty();
  }

  @Test
  void theListIsNotReplacedByWhateverPathItIsNamed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), list);
    Path other = Files.createSymbolicLink(folder.resolve("other"), folder);
    String text = Files.readString(list);
    for (String option : List.of("--failed", "--report", "--output")) {
      for (Path name :
          List.of(
              list,
              link,
              other.resolve("l.txt"),
              folder.resolve("../" + folder.getFileName() + "/l.txt"))) {
        Command refused = save(option, name, "--overwrite");
        assertThat(refused.exitCode()).as(option + " " + name + refused.out()).isEqualTo(2);
        assertThat(refused.complaints()).hasSize(1);
        assertThat(list).hasContent(text);
      }
    }
    assertThat(upstream.seen()).isEmpty();
  }

  @Test
  void noTwoOptionsWriteOneFile() throws IOException {
    Path one = folder.resolve("one");
    assertThat(save("--failed", one, "--report", one).complaint(2)).contains("too", "name another");
    assertThat(save("--failed", archive).complaint(2)).contains("--output");
    assertThat(save("--report", archive + ".journal").complaint(2)).contains("--output");
    Path ca = Files.writeString(folder.resolve("ca.pem"), "a certificate");
    assertThat(save("--report", ca, "--ca-file", ca).complaint(2)).contains("ca-file");
    assertThat(ca).hasContent("a certificate");
    assertThat(upstream.seen()).isEmpty();
  }

  @Test
  void aCheckDoesNotReplaceTheArchiveThatItReads() throws IOException {
    assertThat(save().exitCode()).isZero();
    byte[] before = Files.readAllBytes(archive);

    Command verify = Command.run("verify", "--archive", archive, "--report", archive);

    assertThat(verify.complaint(2)).contains("--archive");
    assertThat(archive).hasBinaryContent(before);
  }

  @Test
  void onlyAnArchiveIsOverwritten() throws IOException {
    for (String text : List.of("precious", "", "index.json")) {
      Files.writeString(archive, text);
      Command save = save("--overwrite");
      if (text.isEmpty()) {
        assertThat(save.exitCode()).as(save.err()).isZero();
      } else {
        assertThat(save.complaint(2)).contains("is no archive");
        assertThat(archive).hasContent(text);
      }
    }
    Path target = Files.writeString(folder.resolve("target"), "oci-layout");
    Files.delete(archive);
    Files.createSymbolicLink(archive, target);
    assertThat(save("--overwrite").complaint(2)).contains("a.tar");
    assertThat(target).hasContent("oci-layout");
  }

  @ParameterizedTest
  @CsvSource({
    "'', is a folder",
    "/, is a folder",
    "., is a folder",
    "/tmp, is a folder",
    "x.tar.gz, not compressed",
    "x.TGZ, not compressed",
    "x.tar.zst, not compressed",
  })
  void anOutputThatCannotBeAnArchiveIsRefusedBeforeAnythingIsAsked(String output, String because) {
    Command save =
        Command.run("save", "--list", list, "--output", output, "--failed", folder.resolve("f"));

    assertThat(save.complaint(2)).contains("--output", because);
    assertThat(Command.run("sample", "--output", output).complaint(2)).contains(because);
    assertThat(upstream.seen()).isEmpty();
  }

  @Test
  void whatEarlierRunsLeftIsReplaced() throws IOException {
    String name = upstream.name() + "/rancher/a:v1\n";
    for (String left : List.of("", "# network: no line\n" + name, name)) {
      Path failed = Files.writeString(folder.resolve("failed.txt"), left);
      assertThat(save("--failed", failed, "--overwrite").exitCode()).isZero();
      assertThat(failed).doesNotExist();
    }
    Path report = folder.resolve("r.json");
    assertThat(save("--report", report, "--overwrite").exitCode()).isZero();
    assertThat(save("--report", report, "--overwrite").exitCode()).isZero();
    assertThat(report).content().contains("\"exitCode\" : 0");
  }

  @Test
  void aListOfWhatIsNotDoneIsFedBackAndWrittenAnew() throws IOException {
    Files.writeString(list, "127.0.0.1:9/rancher/b:v1\n", java.nio.file.StandardOpenOption.APPEND);
    Path failed = folder.resolve("failed.txt");
    assertThat(save("--failed", failed, "--retries", 0).exitCode()).isEqualTo(1);

    Path rest = folder.resolve("rest.tar");
    Command again =
        Command.run("save", "--list", failed, "--failed", failed, "--output", rest, "--retries", 0);

    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(failed).content().contains("127.0.0.1:9/rancher/b:v1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.tar.partial",
        "a.tar.journal",
        "a.tar.journal.new",
        "a.tar.lock",
        "failed.txt",
        "failed.txt.lock",
        "r.json",
        "SHA256SUMS",
        "SHA256SUMS.new",
        "a-0001.tar.partial"
      })
  void aPipeUnderANameThatIsWrittenIsNotWaitedFor(String name) throws Exception {
    Path pipe = folder.resolve(name);
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
    List<Object> more =
        new ArrayList<>(List.of("--failed", folder.resolve("failed.txt"), "--report"));
    more.add(folder.resolve("r.json"));
    if (name.contains("SHA256") || name.contains("0001")) {
      more.addAll(List.of("--volume-size", "1M"));
    }

    Command save = save(more.toArray());

    if (save.exitCode() != 0) {
      assertThat(save.complaints()).hasSize(1).first().asString().contains(pipe.toString());
    }
  }

  private Command save(Object... further) {
    List<Object> arguments = new ArrayList<>(List.of("save"));
    addUnlessGiven(arguments, further, "--list", list);
    addUnlessGiven(arguments, further, "--output", archive);
    addUnlessGiven(arguments, further, "--failed", folder.resolve("not-done.txt"));
    arguments.addAll(List.of(further));
    return Command.run(arguments.toArray());
  }

  private static void addUnlessGiven(List<Object> all, Object[] given, String option, Path value) {
    if (!Arrays.asList(given).contains(option)) {
      all.addAll(List.of(option, value));
    }
  }
}
