package io.mirrorimages.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "500k, 500000, 500k",
    "500K, 500000, 500k",
    "20M, 20000000, 20M",
    "20MB, 20000000, 20M",
    "1500M, 1500000000, 1500M",
    "1000M, 1000000000, 1G",
    "1G, 1000000000, 1G",
    "2T, 2000000000000, 2T",
    "12B, 12, 12",
    "1000Ki, 1024000, 1024k",
    "4GiB, 4294967296, 4294967296",
    "4gib, 4294967296, 4294967296",
    "4g, 4000000000, 4G",
    "4gb, 4000000000, 4G",
    "'4 GB', 4000000000, 4G",
    "1.5G, 1500000000, 1500M",
    "0.5Ki, 512, 512",
  })
  void sizesArePowersOfAThousand(String text, long bytes, String shown) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    assertThat(ByteSize.format(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0G",
        "-1",
        "G",
        "1P",
        "1  G",
        "20i",
        "4Gb",
        "20Mbit",
        "0.0001k",
        "9999999999",
        "999999999T"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(InvalidContentException.class);
  }
}
