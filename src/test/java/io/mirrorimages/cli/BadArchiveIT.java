package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.Skopeo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as they arrive after a bad journey, and what is no archive. */
class BadArchiveIT {
  @TempDir private Path folder;
  private Path sample;
  private byte[] whole;

  @BeforeEach
  void makeSample() throws IOException {
    sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    whole = Files.readAllBytes(sample);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 512, 5000, 1_000_000, -1025})
  void anArchiveThatIsCutOffIsRefused(int length) throws IOException {
    byte[] cut = Arrays.copyOf(whole, length < 0 ? whole.length + length : length);
    assertRefused(write("cut.tar", cut), length >= 0 && length < 512 ? "tar" : "not copied");
  }

  @Test
  void aCompressedArchiveIsUnpackedAndNothingOfThatStays() throws IOException {
    Path zipped = folder.resolve("sample.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(whole);
    }
    Set<Path> before = files();
    assertThat(verify(zipped).exitCode()).isZero();
    assertThat(files()).isEqualTo(before);
    assertThat(Command.run("list", zipped, "--digests").out())
        .isNotEmpty()
        .isEqualTo(Command.run("list", sample, "--digests").out());
    Command diff = Command.run("diff", sample, zipped, "--exit-code");
    assertThat(diff.out()).isEmpty();
    assertThat(diff.exitCode()).isZero();
    Path nodes = Files.writeString(folder.resolve("registries.yaml"), "mirrors: {}\n");
    List<String> check = List.of("check", "--registries", "" + nodes, "--offline", "--archive");
    assertThat(Command.run(words(check, zipped)).out())
        .isNotEmpty()
        .isEqualTo(Command.run(words(check, sample)).out());
    Files.delete(nodes);
    assertThat(files()).isEqualTo(before);

    assertThat(Command.run("inspect", zipped, "--keep-unpacked").exitCode()).isZero();
    assertThat(files()).hasSize(before.size() + 2);
    assertThat(verify(zipped).exitCode()).isZero();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aRunThatFailsBeforeItBeginsUnpacksNothingOrSaysWhatItKeeps() throws IOException {
    Path zipped = folder.resolve("sample.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(whole);
    }
    Set<Path> before = files();
    String nowhere = "localhost:1";
    assertThat(load(zipped, nowhere).complaint(3)).contains(nowhere).doesNotContain("kept");
    assertThat(files()).isEqualTo(before);

    assertThat(Command.run("inspect", zipped, "--keep-unpacked").exitCode()).isZero();
    assertThat(load(zipped, nowhere).complaints())
        .anySatisfy(line -> assertThat(line).contains(".unpacked-", "is kept for the next run"));

    Path copy =
        files().stream()
            .filter(file -> file.toString().matches(".*\\.unpacked-[0-9a-f]+"))
            .findAny()
            .orElseThrow();
    Files.write(copy, Arrays.copyOf(whole, 5000));
    assertThat(verify(zipped).complaint(3)).contains("not copied").doesNotContain("is kept");
    assertThat(files()).isEqualTo(before);
    assertThat(verify(zipped).exitCode()).isZero();
  }

  private static Object[] words(List<String> words, Path last) {
    return Stream.concat(words.stream(), Stream.of(last)).toArray();
  }

  private Set<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.collect(Collectors.toSet());
    }
  }

  @Test
  void whatIsNoTarOrCompressedOtherwiseIsCalledByItsName() throws IOException {
    assertRefused(write("sample.tar.bz2", "BZh91AY".getBytes(StandardCharsets.UTF_8)), "bzip2 -d");
    assertRefused(write("text.tar", "no tar ".repeat(500).getBytes(StandardCharsets.UTF_8)), "tar");
    assertThat(verify(folder).complaint(2)).contains("is a folder with archives: give these");
    assertThat(load(folder, "localhost:1").complaint(2))
        .contains("is a folder with archives: give these");
  }

  @Test
  void aPartialArchiveIsRefusedUnderItsOwnAndUnderAnotherName() throws IOException {
    assertRefused(write("images.tar.partial", whole), "not finished");
    byte[] begun = whole.clone();
    for (TarArchiveEntry entry : entries()) {
      if (entry.getName().equals("index.json") || entry.getName().equals("oci-layout")) {
        Arrays.fill(
            begun,
            Math.toIntExact(entry.getDataOffset() - 512),
            Math.toIntExact(entry.getDataOffset()),
            (byte) 0);
      }
    }
    assertRefused(write("renamed.tar", begun), "renamed.tar");
  }

  @Test
  void anArchiveThatIsNotThereIsAMistakeOfTheCommandLine() {
    Path nowhere = folder.resolve("nowhere.tar");
    assertThat(verify(nowhere).complaint(2)).contains("nowhere.tar does not exist");
    assertThat(load(nowhere, "localhost:1").complaint(2)).contains("nowhere.tar does not exist");
  }

  @Test
  void oneWrongByteInALayerFailsItsImagesAndNoOther() throws IOException {
    TarArchiveEntry layer =
        entries().stream().max(Comparator.comparing(TarArchiveEntry::getSize)).orElseThrow();
    whole[Math.toIntExact(layer.getDataOffset() + layer.getSize() / 2)] ^= 1;
    Path spoilt = write("spoilt.tar", whole);
    String blob = layer.getName().replace("blobs/sha256/", "sha256:");

    Command verify = verify(spoilt);
    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.complaints()).isEmpty();
    assertThat(verify.line("sample-agent:v0.1.0")).contains("failed", "corrupt: ", blob);
    assertThat(verify.line("sample-pause:3.6")).contains("verified");

    try (DockerRegistry harbor = DockerRegistry.open()) {
      Command load = load(spoilt, harbor.name());
      assertThat(load.exitCode()).isEqualTo(1);
      assertThat(load.complaints()).isEmpty();
      assertThat(load.line("sample-agent:v0.1.0")).contains("failed", "corrupt: ", blob);
      assertThat(load.line("sample-pause:3.6")).contains("copied");
      assertShows(harbor, "rancher/mirrored-sample-pause:3.6", true);
      assertShows(harbor, "rancher/charts/sample-chart:1.2.3_up0.1.0", true);
      for (String image :
          List.of("shell:v0.1.0", "shell:v0.2.0", "agent:v0.1.0", "webhook:v0.1.0")) {
        assertShows(harbor, "rancher/sample-" + image, false);
        assertThat(failed()).content().contains("rancher/sample-" + image);
      }
      assertThat(load(sample, harbor.name()).out()).contains("4 copied").contains("2 unchanged");
      assertThat(failed()).doesNotExist();
    }
  }

  @Test
  void oneWrongByteInAManifestFailsItsImage() throws IOException {
    spoil("\"schemaVersion\"", entry(index().split("\"digest\":\"")[2].substring(0, 71)), 5);
    Command verify = verify(write("spoilt.tar", whole));
    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.line("sample-shell:v0.2.0")).contains("failed", "corrupt: ");
    assertThat(verify.line("sample-pause:3.6")).contains("verified");
  }

  @Test
  void oneWrongByteInADigestOfTheIndexIsToldAndMadeGoodFromTheInventory() throws IOException {
    spoil("\"digest\":\"sha256:", entry("index.json"), 20);
    Path spoilt = write("spoilt.tar", whole);

    assertThat(verify(spoilt).complaint(1)).contains("index.json of ", "is damaged at 1 image");
    try (DockerRegistry harbor = DockerRegistry.open()) {
      Command load = load(spoilt, harbor.name());
      assertThat(load.complaint(1)).contains("is damaged at 1 image");
      assertThat(load.out()).contains("6 copied");
      assertShows(harbor, "rancher/sample-shell:v0.1.0", true);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.containerd.image.name\":\"docker.io/rancher/sa",
        "org.opencontainers.image.ref.name\":\"docker.io/rancher/sa",
        "\"manifests\":[",
        "\"size\":"
      })
  void oneWrongByteInANameOrTheFormOfTheIndexIsNotLoadedUnderThatName(String before)
      throws IOException {
    spoil(before, entry("index.json"), before.length());

    assertRefused(write("spoilt.tar", whole), "spoilt.tar");
  }

  @Test
  void anImageThatLostItsNameIsNotForgotten() throws IOException {
    spoil("\"annotations\"", entry("index.json"), 5);
    Path spoilt = write("spoilt.tar", whole);

    Command verify = verify(spoilt);
    assertThat(verify.complaint(1)).contains("spoilt.tar", "is damaged at 1 image");
    assertThat(verify.out()).contains("6 images: 6 verified");
    try (DockerRegistry harbor = DockerRegistry.open()) {
      assertThat(load(spoilt, harbor.name()).complaint(1)).contains("is damaged at 1 image");
    }
  }

  @Test
  void oneWrongByteInTheInventoryIsRefused() throws IOException {
    spoil("\"images\":[{\"name\":\"docker.io/rancher/sa", entry("mirror-images.json"), 20);

    assertRefused(write("spoilt.tar", whole), "mirror-images.json");
  }

  @Test
  void anArchiveWithoutAnyNameIsRefused() throws Exception {
    Path unnamed = folder.resolve("unnamed.tar");
    Skopeo.run(
        "copy",
        "oci-archive:" + sample + ":docker.io/rancher/sample-shell:v0.2.0",
        "oci-archive:" + unnamed + ":v0.1.0");

    Command verify = verify(unnamed);
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.out()).contains("1 image: 1 verified");
    assertThat(verify.err()).contains("1 image in " + unnamed + " without a name");
    assertThat(load(unnamed, "localhost:1").complaint(3)).contains("no image with a full name");
  }

  private void assertRefused(Path archive, String because) {
    assertThat(verify(archive).complaint(3)).contains(archive.getFileName().toString(), because);
    assertThat(load(archive, "localhost:1").complaint(3)).contains(because);
    assertThat(Command.run("serve", "--archive", archive, "--listen", "127.0.0.1:0").complaint(3))
        .contains(because);
    assertThat(failed()).doesNotExist();
  }

  private void assertShows(DockerRegistry registry, String image, boolean there)
      throws IOException {
    Path list = Files.writeString(folder.resolve("shown.txt"), "docker.io/" + image + "\n");
    Command verify =
        Command.run(
            "verify",
            "--list",
            list,
            "--registry",
            registry.name(),
            "--deep",
            "--failed",
            folder.resolve("shown-failed.txt"));
    assertThat(verify.line(image)).contains(there ? "verified" : "missing: ");
  }

  /** Flips a bit of the byte that is {@code further} bytes after the first of {@code text}. */
  private void spoil(String text, TarArchiveEntry entry, int further) {
    String all = new String(whole, StandardCharsets.ISO_8859_1);
    int at = all.indexOf(text, Math.toIntExact(entry.getDataOffset()));
    assertThat(at).isPositive();
    whole[at + further] ^= 1;
  }

  private String index() throws IOException {
    TarArchiveEntry index = entry("index.json");
    return new String(
        whole,
        Math.toIntExact(index.getDataOffset()),
        Math.toIntExact(index.getSize()),
        StandardCharsets.UTF_8);
  }

  private TarArchiveEntry entry(String name) throws IOException {
    String file = name.replace("sha256:", "blobs/sha256/");
    return entries().stream().filter(e -> e.getName().equals(file)).findFirst().orElseThrow();
  }

  private List<TarArchiveEntry> entries() throws IOException {
    try (TarFile tar = new TarFile(sample)) {
      return tar.getEntries();
    }
  }

  private Command verify(Path archive) {
    return Command.run("verify", "--archive", archive, "--failed", failed());
  }

  private Command load(Path archive, String registry) {
    return Command.run("load", "--archive", archive, "--registry", registry, "--failed", failed());
  }

  private Path failed() {
    return folder.resolve("failed.txt");
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
