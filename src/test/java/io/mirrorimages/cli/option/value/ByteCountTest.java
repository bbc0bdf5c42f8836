package io.mirrorimages.cli.option.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteCountTest {
  @ParameterizedTest
  @CsvSource({"20M, 20000000", "20MB/s, 20000000", "20 MB/s, 20000000", "4gb, 4000000000"})
  void ratesCanSaySeconds(String text, long bytes) {
    assertThat(new ByteCount.PerSecond().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"32, 33554432", "32MiB, 33554432", "64M, 64000000", "65536, 68719476736"})
  void aRequestIsInMebibytesIfNothingElseIsSaid(String text, long bytes) {
    assertThat(new ByteCount.RequestBody().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"4g, 4000000000", "4 GB, 4000000000", "DVD, 4600000000"})
  void volumesAreSizesOrMedia(String text, long bytes) {
    assertThat(new VolumeSize().convert(text)).isEqualTo(bytes);
  }
}
