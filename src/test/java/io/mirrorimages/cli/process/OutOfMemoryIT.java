package io.mirrorimages.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import io.mirrorimages.cli.Program;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is too small for what is asked. */
class OutOfMemoryIT {
  private static final int HEAP_MB = 24;

  @TempDir private Path folder;

  @Test
  void aListThatDoesNotFitEndsWithALineThatSaysWhatToDo() throws Exception {
    Path list =
        Files.write(
            folder.resolve("list.txt"),
            IntStream.range(0, 200_000)
                .mapToObj(i -> "localhost:1/some/image-" + i + ":v1")
                .toList());

    assertThat(save(list).complaint(3)).contains("MIRROR_IMAGES_JAVA_OPTS=-Xmx1g");
  }

  @Test
  void aPlanThatDoesNotFitEndsWithALineThatSaysWhatToDoAndALaterRunDoesItAll() throws Exception {
    try (FaultyRegistry upstream = new FaultyRegistry()) {
      upstream.addBlob("{}".getBytes(StandardCharsets.UTF_8));
      int images = 20;
      for (int i = 0; i < images; i++) {
        upstream.addManifest("rancher/image-" + i, "v1", manifest(i), MediaTypes.OCI_MANIFEST);
      }
      List<String> names =
          IntStream.range(0, images)
              .mapToObj(i -> upstream.name() + "/rancher/image-" + i + ":v1")
              .toList();
      Path list = Files.write(folder.resolve("list.txt"), names);

      Command tooSmall = save(list);

      assertThat(tooSmall.complaint(3)).contains("MIRROR_IMAGES_JAVA_OPTS=-Xmx1g");
      // What is left to do is written down.
      assertThat(Files.readAllLines(folder.resolve("failed.txt")))
          .filteredOn(line -> !line.startsWith("#"))
          .isEqualTo(names);
      assertThat(Program.in(folder).run(arguments(list)).exitCode()).isZero();
    }
  }

  @Test
  void manyThreadsThatFindNoMemoryEndWithOneLine() throws Exception {
    Command hoard = Program.in(folder).withHeap(HEAP_MB).entering(Hoard.class).run();

    assertThat(hoard.complaint(3)).contains("MIRROR_IMAGES_JAVA_OPTS=-Xmx1g");
  }

  /** Fills the heap from many threads to the last byte, and keeps it all. */
  static final class Hoard {
    // A chain, so that a thread that finds no room for one more leaves nothing free.
    private record Link(Link next) {}

    private static final int THREADS = 16;
    private static final Link[] KEPT = new Link[THREADS];

    private Hoard() {}

    public static void main(String[] arguments) throws InterruptedException {
      OutOfMemory.endsTheProcess(System.err);
      for (int i = 0; i < THREADS; i++) {
        int mine = i;
        Thread.ofPlatform().start(() -> fill(mine));
      }
      Thread.currentThread().join();
    }

    private static void fill(int mine) {
      while (true) {
        KEPT[mine] = new Link(KEPT[mine]);
      }
    }
  }

  /** One of two megabytes, as nobody makes them. */
  private static byte[] manifest(int image) {
    return ("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":\"a/b\",\"digest\":\"%s\","
                + "\"size\":2},\"layers\":[],\"annotations\":{\"a\":\"%s\"}}")
        .formatted(
            MediaTypes.OCI_MANIFEST,
            FaultyRegistry.sha256("{}".getBytes(StandardCharsets.UTF_8)),
            ("image " + image + " ").repeat(250_000))
        .getBytes(StandardCharsets.UTF_8);
  }

  private Command save(Path list) throws IOException, InterruptedException {
    return Program.in(folder).withHeap(HEAP_MB).run(arguments(list));
  }

  private Object[] arguments(Path list) {
    return new Object[] {
      "save",
      "--list",
      list,
      "--output",
      folder.resolve("a.tar"),
      "--failed",
      folder.resolve("failed.txt")
    };
  }
}
