package io.mirrorimages.archive.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Places and headers of entries, read by Commons Compress. {@code -Dmirror-images.seed} repeats a
 * failure.
 */
class TarLayoutTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());

  @Test
  void entriesAreWhereAReaderFindsThem() throws IOException {
    Random random = new Random(SEED);
    TarLayout layout = new TarLayout();
    Map<String, Region> regions = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      String name = i + "n".repeat(random.nextInt(200));
      int size = i % 3 == 0 ? random.nextInt(3) * Region.BLOCK : random.nextInt(2000);
      regions.put(name, layout.append(name, size));
    }
    byte[] tar = new byte[(int) layout.size()];
    regions.forEach(
        (name, region) -> {
          byte[] header = TarHeader.of(name, region.size());
          System.arraycopy(header, 0, tar, (int) region.header(), header.length);
          Arrays.fill(tar, (int) region.data(), (int) (region.data() + region.size()), (byte) 'x');
        });

    Map<String, Region> found = new LinkedHashMap<>();
    try (TarFile file = new TarFile(tar)) {
      long end = 0;
      for (TarArchiveEntry entry : file.getEntries()) {
        int header = (int) (entry.getDataOffset() - end);
        Region region = new Region(end, header, entry.getSize());
        found.put(entry.getName(), region);
        end = region.end();
      }
      assertThat(layout.size()).as("two blocks of zeros").isEqualTo(end + 1024);
    }
    assertThat(found).as("-Dmirror-images.seed=" + SEED).isEqualTo(regions);
    assertThat(regions.keySet()).containsExactlyElementsOf(found.keySet());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, (1L << 33) - 1, 1L << 33, 1L << 40, (1L << 62) + 1})
  void aHeaderSaysNameAndSizeAndNothingElse(long size) throws IOException {
    for (String name : new String[] {"index.json", "n".repeat(99), "n".repeat(100)}) {
      byte[] header = TarHeader.of(name, size);
      TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(header));
      TarArchiveEntry entry = in.getNextEntry();

      assertThat(entry.getName()).isEqualTo(name);
      assertThat(entry.getSize()).isEqualTo(size);
      assertThat(entry.isFile()).isTrue();
      assertThat(entry.getMode()).isEqualTo(0644);
      assertThat(entry.getLastModifiedTime().toMillis()).isZero();
      assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
      assertThat(entry.getUserName() + entry.getGroupName()).isEmpty();
      assertThat(in.getBytesRead()).isEqualTo(header.length);
      assertThat(header.length).isEqualTo(name.length() > 99 ? 3 * Region.BLOCK : Region.BLOCK);
      assertThat(TarHeader.of(name, size)).isEqualTo(header);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1536", "1, 511, 2048", "511, 1, 2048", "512, 0, 2048", "513, 511, 2560"})
  void aRegionEndsWithABlock(long size, int padding, long end) {
    Region region = new Region(1024, 512, size);

    assertThat(region.data()).isEqualTo(1536);
    assertThat(region.padding()).isEqualTo(padding);
    assertThat(region.end()).isEqualTo(end);
  }

  @Test
  void aTarIsNeverLongerThanCanBeCounted() {
    long largest = Long.MAX_VALUE / Region.BLOCK * Region.BLOCK;
    assertThatThrownBy(() -> new Region(0, 512, largest).end())
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Region(0, 0, Long.MAX_VALUE).end())
        .as("its padding")
        .isInstanceOf(ArithmeticException.class);

    TarLayout layout = new TarLayout();
    assertThatThrownBy(() -> layout.append("a", largest - 1024))
        .as("its end marker")
        .isInstanceOf(ArithmeticException.class);
    assertThat(layout.size()).as("a refused entry takes no place").isEqualTo(1024);
    layout.append("a", largest - 2048);
    assertThat(layout.size()).isEqualTo(largest - 512);
  }
}
