package io.mirrorimages.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random lists. A failure names its seed; {@code -Dseed=N} runs it again. */
class ImageListFuzzTest {
  private static final int LISTS = 5_000;
  private static final String[] PIECES = {
    "rancher/",
    "docker.io/",
    "localhost:5000/",
    "[::1]:5000/",
    "quay.io/",
    "x",
    "Shell",
    "a.a.a.",
    "a--b",
    "__",
    ":",
    ":v1.2-rc_3",
    "@",
    "sha256:",
    "sha512:",
    "0123456789abcdef",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "#",
    "# why",
    "\uFEFF",
    "\u00a0",
    "é",
    "漢",
    "😀",
    "\u001b[0m",
    "/",
    "//",
    "..",
    "-",
    "core",
    ",",
    "\"",
    "%s",
    "\\",
    "$",
    "\f",
  };

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void readsAnyTextOrRefusesItWithMessagesOfOneLine() {
    System.out.println("seed " + seed);
    for (int i = 0; i < LISTS; i++) {
      check(text().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void readsAnyBytesOrRefusesThem() {
    System.out.println("seed " + seed);
    for (int i = 0; i < LISTS; i++) {
      byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
      for (int changes = random.nextInt(4); changes >= 0 && bytes.length > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      check(bytes);
    }
  }

  @Test
  void readsEveryNameBackAsTheSameReference() throws Exception {
    System.out.println("seed " + seed);
    for (int i = 0; i < LISTS; i++) {
      String name = name();
      Reference reference = read(name.getBytes(StandardCharsets.UTF_8)).references().getFirst();
      assertThat(Reference.parse(reference.toString()))
          .as("%s, seed %d", name, seed)
          .isEqualTo(reference);
    }
  }

  private void check(byte[] list) {
    try {
      assertThat(read(list).entries()).as("seed %d", seed).isNotEmpty();
    } catch (ImageListException e) {
      assertThat(e.problems())
          .as("seed %d", seed)
          .isNotEmpty()
          .allSatisfy(p -> assertThat(p.chars().noneMatch(Character::isISOControl)).isTrue());
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static ImageList read(byte[] list) throws ImageListException {
    return ImageList.read(List.of("-"), new ByteArrayInputStream(list));
  }

  private String text() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int pieces = random.nextInt(60); pieces >= 0; pieces--) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      int times = random.nextInt(50) == 0 ? random.nextInt(3_000) : 1;
      text.writeBytes(piece.repeat(times).getBytes(StandardCharsets.UTF_8));
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    switch (random.nextInt(4)) {
      case 0 -> name.append("docker.io/");
      case 1 -> name.append(word()).append('.').append(word()).append(":5000/");
      case 2 -> name.append("LOCALHOST:").append(random.nextInt(65536)).append('/');
      default -> {}
    }
    name.append(word());
    for (int parts = random.nextInt(3); parts > 0; parts--) {
      name.append('/').append(word()).append("_-.".charAt(random.nextInt(3))).append(word());
    }
    if (random.nextBoolean()) {
      name.append(":V").append(word()).append("_up").append(random.nextInt(100));
    }
    if (random.nextInt(3) == 0) {
      name.append("@sha256:").append("%064x".formatted(random.nextLong(Long.MAX_VALUE)));
    }
    return name.toString();
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    for (int letters = random.nextInt(8); letters >= 0; letters--) {
      word.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
    }
    return word.toString();
  }
}
