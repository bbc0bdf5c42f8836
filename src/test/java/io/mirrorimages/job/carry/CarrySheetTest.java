package io.mirrorimages.job.carry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.file.ArchiveFileNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarrySheetTest {
  private static CarrySheet sheet(OptionalLong stickSize, long... sizes) {
    return new CarrySheet(
        ArchiveFileNames.ofVolumes(Path.of("rancher.tar")),
        List.of(),
        LongStream.of(sizes)
            .mapToObj(size -> new CarrySheet.Volume("v" + size, size, Optional.empty()))
            .toList(),
        stickSize);
  }

  private static List<List<Long>> sticks(CarrySheet sheet) {
    return sheet.sticks().stream()
        .map(stick -> stick.volumes().stream().map(CarrySheet.Volume::size).toList())
        .toList();
  }

  @Test
  void withoutASizeEachVolumeHasItsStick() {
    assertThat(sticks(sheet(OptionalLong.empty(), 4, 4, 2)))
        .containsExactly(List.of(4L), List.of(4L), List.of(2L));
  }

  @Test
  void aStickIsFilledUpToWhatItsFileSystemNeeds() {
    assertThat(sticks(sheet(OptionalLong.of(1000), 490, 490, 490, 1)))
        .containsExactly(List.of(490L, 490L), List.of(490L, 1L));
    assertThat(sticks(sheet(OptionalLong.of(1000), 490, 491)))
        .containsExactly(List.of(490L), List.of(491L));
  }

  @Test
  void theToolGoesFirstWithTheFirstVolumeIfBothFit() {
    assertThat(sticks(withTool(sheet(OptionalLong.empty(), 4, 2))))
        .containsExactly(List.of(9L, 4L), List.of(2L));
    assertThat(sticks(withTool(sheet(OptionalLong.of(1000), 490, 481))))
        .containsExactly(List.of(9L, 490L, 481L));
    assertThat(sticks(withTool(sheet(OptionalLong.of(1000), 980))))
        .containsExactly(List.of(9L), List.of(980L));
  }

  private static CarrySheet withTool(CarrySheet sheet) {
    CarrySheet.Volume tool = new CarrySheet.Volume("tool", 9, Optional.empty());
    return new CarrySheet(sheet.names(), List.of(tool), sheet.volumes(), sheet.stickSize());
  }

  @Test
  void aVolumeThatFitsOnNoStickIsNamed() {
    CarrySheet sheet = sheet(OptionalLong.of(1000), 981, 980);

    assertThat(sheet.tooLarge()).extracting(CarrySheet.Volume::size).containsExactly(981L);
    assertThat(sticks(sheet)).containsExactly(List.of(981L), List.of(980L));
    assertThat(sheet(OptionalLong.empty(), 981).tooLarge()).isEmpty();
  }

  @Test
  void fat32HasNoFileOfFourGiB() {
    assertThat(sheet(OptionalLong.empty(), (4L << 30) - 1, 4L << 30).notOnFat32())
        .extracting(CarrySheet.Volume::size)
        .containsExactly(4L << 30);
  }

  @Test
  void onlyFinishedVolumesCountAndTheirSumsAreThoseBesideThem(@TempDir Path folder)
      throws Exception {
    Path output = folder.resolve("rancher.tar");
    Files.writeString(folder.resolve("rancher-0001.tar"), "12345");
    Files.writeString(folder.resolve("rancher-0002.tar"), "123");
    Files.writeString(folder.resolve("rancher-0003.tar.partial"), "1");
    Files.writeString(folder.resolve("SHA256SUMS"), "aa  other.tar\nbb  rancher-0001.tar\n");

    CarrySheet sheet =
        CarrySheet.of(ArchiveFileNames.ofVolumes(output), List.of(), OptionalLong.empty());

    assertThat(sheet.volumes())
        .containsExactly(
            new CarrySheet.Volume("rancher-0001.tar", 5, Optional.of("bb")),
            new CarrySheet.Volume("rancher-0002.tar", 3, Optional.empty()));
    assertThat(sheet.size()).isEqualTo(8);
  }
}
