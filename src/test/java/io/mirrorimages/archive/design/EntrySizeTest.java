package io.mirrorimages.archive.design;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.TarLayout;
import io.mirrorimages.image.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dmirror-images.seed} repeats a failure. */
class EntrySizeTest {
  private static final long SEED = Long.getLong("mirror-images.seed", System.nanoTime());

  private final EntrySize entries = new EntrySize();

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 511, 512, 513, 8_589_934_592L})
  void isWhatTheLayoutOfATarTakes(long size) {
    for (Descriptor blob : List.of(Plans.layer("a", size), Plans.longLayer("b", size))) {
      for (int again = 0; again < 2; again++) {
        assertThat(entries.of(blob.digest(), size))
            .isEqualTo(new TarLayout().append(LayoutNames.blob(blob.digest()), size).end());
      }
    }
    assertThat(EntrySize.ofJson("index.json", size))
        .isEqualTo(new TarLayout().append("index.json", size).end());
  }

  @Test
  void whatIndexesSayOfImagesIsNoMoreThanWhatItIsTakenFor() {
    List<NamedImage> there = new ArrayList<>();
    long taken = 0;
    for (NamedImage image : NamedImage.of(Plans.any(new Random(SEED)))) {
      there.add(image);
      taken += entries.inIndexes(image);
      assertThat(entries.inIndexes(image)).isEqualTo(entries.inIndexes(image));
      assertThat(
              LayoutJson.index(there).length()
                  - LayoutJson.index(List.of()).length()
                  + LayoutJson.dockerManifest(there, digest -> true).length()
                  - 2)
          .as("-Dmirror-images.seed=" + SEED)
          .isBetween(taken - 120L * there.size(), taken);
    }
  }
}
