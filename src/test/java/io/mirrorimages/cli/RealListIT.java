package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.write.ArchiveWriter;
import io.mirrorimages.failure.Retries;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.mirror.PlatformFilter;
import io.mirrorimages.mirror.engine.Mirror;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.serve.ArchiveServer;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.MemoryRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The list of a whole Rancher release, 700 real names, from end to end. The content is small and
 * made here; it shares layers as the real one does: a few bases, most of a repository's bytes in
 * all its tags.
 */
class RealListIT {
  private static final Path LIST = Path.of("image-lists/rancher-images-v2.10.4.txt");
  private static final int EVERY_SO_MANY_IS_AN_INDEX = 8;

  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final Set<Digest> digests = new HashSet<>();

  @Test
  void aWholeReleaseIsPlannedSavedVerifiedLoadedAndThenUnchanged() throws Exception {
    List<Reference> names =
        ImageList.read(List.of(LIST.toString()), InputStream.nullInputStream()).references();
    assertThat(names).hasSizeGreaterThan(600);
    int count = names.size();
    Path made = makeUpstream(names);
    Path archive = folder.resolve("rancher.tar");
    Command plan;
    Command save;
    try (ArchiveReader content = ArchiveReader.open(made);
        ArchiveServer upstream =
            ArchiveServer.start(
                content, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      String host = "127.0.0.1:" + upstream.address().getPort();
      Path list = listAt(host, names);
      plan = mirror("save", "--list", list, "--output", archive, "--dry-run");
      assertThat(archive).doesNotExist();
      save = mirror("save", "--list", list, "--output", archive);
    }
    assertThat(plan).as(plan.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(plan.out())
        .contains(
            "images to copy       " + count + "\n",
            "unique blobs         " + digests.size() + "\n");
    assertThat(save).as(save.err()).extracting(Command::exitCode).isEqualTo(0);
    assertThat(save.out()).contains(count + " images: " + count + " copied");
    assertThat(plan.out()).contains("archive size         " + Files.size(archive) + " bytes (");
    assertHoldsEachDigestOnce(archive);

    assertEnds(mirror("verify", "--archive", archive), count, "verified");
    try (DockerRegistry harbor = DockerRegistry.open()) {
      Object[] load = {"load", "--archive", archive, "--registry", harbor.name()};
      assertEnds(mirror(load), count, "copied");
      assertEnds(
          mirror("verify", "--archive", archive, "--registry", harbor.name()), count, "verified");
      assertEnds(mirror("verify", "--list", LIST, "--registry", harbor.name()), count, "verified");
      assertEnds(mirror(load), count, "unchanged");
    }
  }

  private static void assertEnds(Command command, int count, String status) {
    assertThat(command.err().lines().filter(line -> !line.matches("\\d+ of \\d+ images?, .*")))
        .isEmpty();
    assertThat(command.out()).contains(count + " images: " + count + " " + status);
    assertThat(command.exitCode()).isZero();
  }

  private void assertHoldsEachDigestOnce(Path archive) throws IOException {
    List<String> blobs;
    try (TarFile tar = new TarFile(archive)) {
      blobs =
          tar.getEntries().stream()
              .map(TarArchiveEntry::getName)
              .filter(name -> name.startsWith("blobs/"))
              .toList();
    }
    assertThat(blobs).doesNotHaveDuplicates();
    assertThat(blobs)
        .containsExactlyInAnyOrderElementsOf(
            digests.stream().map(d -> "blobs/" + d.algorithm() + "/" + d.hex()).toList());
  }

  /** Makes an image for each name, and an archive of them all to serve. */
  private Path makeUpstream(List<Reference> names) throws IOException {
    MemoryRegistry memory = new MemoryRegistry();
    List<ImageRequest> requests = new ArrayList<>();
    for (Reference name : names) {
      Manifest image = image(name);
      memory.add(images, name.toString(), image);
      requests.add(new ImageRequest(name, name));
      PlannedImage planned = images.plan(name.toString(), image);
      planned.manifests().forEach(manifest -> digests.add(manifest.digest()));
      planned.blobs().stream().map(Descriptor::digest).forEach(digests::add);
    }
    Path made = folder.resolve("made.tar");
    MirrorOptions how = new MirrorOptions(2, PlatformFilter.ALL, new Retries(0, Duration.ZERO));
    try (Mirror mirror = new Mirror(memory, how, RunListener.NONE)) {
      Plan plan = mirror.plan(requests);
      try (ArchiveWriter archive = ArchiveWriter.create(made, plan.images())) {
        mirror.carryOut(plan, archive);
        archive.finish(plan.images());
      }
    }
    return made;
  }

  private Manifest image(Reference name) {
    int seed = name.toString().hashCode();
    Manifest amd64 = image(name, TestImages.AMD64);
    return Math.floorMod(seed, EVERY_SO_MANY_IS_AN_INDEX) == 0
        ? images.index(amd64, image(name, TestImages.ARM64))
        : amd64;
  }

  private Manifest image(Reference name, Platform platform) {
    String path = name.repository().path() + " " + platform;
    String base = "base " + platform + " " + Math.floorMod(path.hashCode(), 5);
    TestImages.Layer[] layers = {
      images.layer(base, 60_000),
      images.layer("repository " + path.hashCode(), 4000),
      images.layer(platform + " " + name.toString().hashCode(), 300)
    };
    return Math.floorMod(path.hashCode(), 3) == 0
        ? images.dockerImage(platform, layers)
        : images.image(platform, layers);
  }

  private Path listAt(String host, List<Reference> names) throws IOException {
    return Files.write(
        folder.resolve("images.txt"),
        names.stream().map(name -> name.toString().replaceFirst("^docker[.]io", host)).toList());
  }

  private Command mirror(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--failed", folder.resolve("failed.txt")));
    return Command.run(all.toArray());
  }
}
