package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists as users have them, right and wrong, through the whole command. */
class BadListIT {
  private static final byte[] MANIFEST =
      ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":\"a/b\",\"digest\":\"%s\","
           + "\"size\":2},\"layers\":[]}")
          .formatted(MediaTypes.OCI_MANIFEST, FaultyRegistry.sha256(utf8("{}")))
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private FaultyRegistry upstream;

  @BeforeEach
  void start() throws IOException {
    upstream = new FaultyRegistry();
    upstream.addBlob(utf8("{}"));
    for (String repository : List.of("rancher/one", "rancher/two", "rancher/three")) {
      upstream.addManifest(repository, "v1", MANIFEST, MediaTypes.OCI_MANIFEST);
    }
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void allThatIsWrongInAllListsIsSaidAtOnceAndNothingIsAsked() throws IOException {
    Path first = list("first.txt", name("one"), "Rancher/Upper:v1", "", "a b c d e f");
    Path second = list("second.txt", "rancher/x:v1:v2", name("two"), "rancher/x@sha256:12");
    Path empty = list("empty.txt", "# nothing but words");
    Path nowhere = folder.resolve("nowhere.txt");

    Command save = save(first, second, empty, nowhere);

    assertThat(save.exitCode()).isEqualTo(2);
    assertThat(save.complaints())
        .satisfiesExactly(
            line -> assertThat(line).contains("first.txt:2: ", "lower case"),
            line -> assertThat(line).contains("first.txt:4: ", "table"),
            line -> assertThat(line).contains("second.txt:1: "),
            line -> assertThat(line).contains("second.txt:3: "),
            line -> assertThat(line).contains("no images in ", "empty.txt"),
            line -> assertThat(line).contains("nowhere.txt: no such file"));
    assertNothingHappened();
  }

  @Test
  void whatIsNoListAtAllIsCalledByItsName() throws IOException {
    Path binary = Files.write(folder.resolve("image.bin"), new byte[] {'a', 0, 1, 2, '\n'});
    Path page = list("page.txt", "<!DOCTYPE html>", "<html><body>404</body></html>");

    Command save = save(binary, page, folder);

    assertThat(save.exitCode()).isEqualTo(2);
    assertThat(save.complaints()).hasSize(3);
    assertThat(save.err()).contains("image.bin", "page.txt", "is a directory");
    assertNothingHappened();
  }

  @Test
  void aCommandWithoutListSaysSo() {
    assertThat(save().complaint(2)).contains("no image list: add --list FILE");
    assertNothingHappened();
  }

  @Test
  void standardInputIsOneListOnly() throws Exception {
    Command save =
        Program.in(folder)
            .reading(name("one") + "\n")
            .run("save", "--list", "-", "--list", "-", "--output", "images.tar");

    assertThat(save.complaint(2)).contains("only once");
    assertNothingHappened();
  }

  @Test
  void standardInputCannotBeListAndPassword() throws Exception {
    Command save =
        Program.in(folder)
            .reading(name("one") + "\n")
            .run(
                "save",
                "--list",
                "-",
                "--username",
                "carol",
                "--password-stdin",
                "--output",
                "images.tar");

    assertThat(save.complaint(2)).contains("can't be both the list and the password");
    assertNothingHappened();
  }

  @Test
  void severalListsOneFromStandardInputInWindowsFormAreOneList() throws Exception {
    Path file = list("file.txt", name("two"), "# and again", name("one"));

    Command save =
        Program.in(folder)
            .reading("\uFEFF" + name("one") + "\r\n\t" + name("three") + " \r\n\r\n# end")
            .run("save", "--list", "-", "--list", file, "--output", "images.tar");

    assertThat(save.complaints()).isEmpty();
    assertThat(save.exitCode()).isZero();
    assertThat(save.out()).contains("3 images: 3 copied");
    assertThat(
            Command.run("verify", "--archive", folder.resolve("images.tar"), "--failed", failed()))
        .extracting(Command::exitCode)
        .isEqualTo(0);
  }

  @Test
  void imagesThatWouldOverwriteEachOtherAreNamedBoth() throws IOException {
    Path list = list("two.txt", upstream.name() + "/rancher/one:v1", "quay.io/rancher/one:v1");

    Command sync =
        Command.run("sync", "--list", list, "--registry", "localhost:1", "--failed", failed());

    assertThat(sync.complaint(2))
        .contains(upstream.name() + "/rancher/one:v1", "quay.io/rancher/one:v1", "--mapping");
    assertNothingHappened();
  }

  private Command save(Path... lists) {
    List<Object> arguments =
        new java.util.ArrayList<>(
            List.of("save", "--output", folder.resolve("images.tar"), "--failed", failed()));
    for (Path list : lists) {
      arguments.addAll(List.of("--list", list));
    }
    return Command.run(arguments.toArray());
  }

  private Path failed() {
    return folder.resolve("failed.txt");
  }

  private void assertNothingHappened() {
    assertThat(upstream.seen()).isEmpty();
    assertThat(folder.resolve("images.tar")).doesNotExist();
    assertThat(folder.resolve("images.tar.partial")).doesNotExist();
    assertThat(failed()).doesNotExist();
  }

  private String name(String image) {
    return upstream.name() + "/rancher/" + image + ":v1";
  }

  private Path list(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
