package io.mirrorimages.archive.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.file.ArchiveErrors;
import io.mirrorimages.archive.file.FileEntry;
import io.mirrorimages.archive.file.PositionalFile;
import io.mirrorimages.archive.tar.TarScanner;
import io.mirrorimages.failure.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tar that we take has the same files for the programs in Go that it is meant for.
 *
 * <p>{@code -Dmirror-images.seed} with {@code -Dmirror-images.rounds=1} plays a failure again.
 */
class TarReadersTest {
  private static final int ROUNDS = Integer.getInteger("mirror-images.rounds", 3000);

  @TempDir Path folder;

  @Test
  void whatWeTakeGoReadsAlike() throws IOException {
    long seed = Long.getLong("mirror-images.seed", System.nanoTime());
    int taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] tar = OddTars.next(new Random(seed + round));
      Optional<List<String>> ours = list(tar, folder);
      if (ours.isPresent()) {
        taken++;
        assertThat(GoTar.list(tar).stream().map(TarReadersTest::cleaned))
            .as("-Dmirror-images.rounds=1 -Dmirror-images.seed=" + (seed + round))
            .containsExactlyElementsOf(ours.get());
      }
    }
    if (ROUNDS > 100) {
      assertThat(taken).isBetween(ROUNDS / 10, ROUNDS * 8 / 10);
    }
  }

  /** Each regular file as {@code name size}; empty if the tar is refused. */
  static Optional<List<String>> list(byte[] tar, Path folder) throws IOException {
    Path path = Files.write(folder.resolve("odd.tar"), tar);
    List<String> files = new ArrayList<>();
    try (PositionalFile file = PositionalFile.forReading(path)) {
      TarScanner scanner = new TarScanner(file, new ArchiveErrors(path));
      for (Optional<FileEntry> e = scanner.next(); e.isPresent(); e = scanner.next()) {
        if (e.get().kind() == FileEntry.EntryType.FILE) {
          files.add(e.get().name() + " " + e.get().size());
        }
      }
      return Optional.of(files);
    } catch (TransferException e) {
      return Optional.empty();
    }
  }

  /** As all programs clean a name that they join to a folder. */
  static String cleaned(String file) {
    int blank = file.lastIndexOf(' ');
    return Path.of("/", file.substring(0, blank)).normalize().toString().substring(1)
        + file.substring(blank);
  }
}
