package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.SlowUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A save with segments that is killed outright, and started again. */
@Timeout(300)
class SegmentsIT {
  private static final int MIB = 1024 * 1024;
  private static final int SIZE = 40 * MIB;

  /** Of 16 MiB, the last one of less. */
  private static final int PARTS = 3;

  /** As in {@link KilledIT}: read of one part, and not in the journal. */
  private static final int BUFFERS = 512 * 1024;

  @TempDir private Path folder;

  @Test
  void killedItFetchesLittleOfEachPartTwice() throws Exception {
    byte[] layer = new byte[SIZE];
    new Random(1).nextBytes(layer);
    try (SlowUpstream upstream = new SlowUpstream()) {
      String image = upstream.addImage("team/large", "1", upstream.addBlob(layer)) + ":1";
      Path list = Files.writeString(folder.resolve("list.txt"), image + "\n");
      Path output = folder.resolve("a.tar");
      Object[] save = {"save", "--list", list, "--output", output, "--segments", 4};
      upstream.letThrough(SIZE / 2);
      Program.Running first = Program.in(folder).start(save);
      upstream.awaitStop();
      first.signal("STOP");
      long unread = upstream.unread();
      first.signal("KILL");
      assertThat(first.end().exitCode()).isEqualTo(137);
      upstream.cutOff();
      upstream.openWide();

      Command again = Program.in(folder).run(save);

      assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
      assertThat(upstream.sent())
          .isLessThanOrEqualTo(upstream.total() + PARTS * (MIB + BUFFERS) + unread);
      assertThat(Command.run("verify", "--archive", output).exitCode()).isZero();
    }
  }
}
