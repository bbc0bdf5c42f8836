package io.mirrorimages.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

class FsyncTest {
  @Test
  void aFileSystemThatDoesNotKnowItIsNoFailure() throws IOException {
    // What every Linux has, and what its fsync answers EINVAL for.
    try (FileChannel channel = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> channel.force(true)).hasMessage("Invalid argument");
      Fsync.force(channel, true);
      assertThat(Fsync.wasRefused()).isTrue();
    }
  }

  @Test
  void otherFailuresStayFailures() throws IOException {
    FileChannel channel = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE);
    channel.close();
    assertThatThrownBy(() -> Fsync.force(channel, true)).isInstanceOf(ClosedChannelException.class);
  }
}
