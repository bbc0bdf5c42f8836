package io.mirrorimages.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageLocationTest {
  @ParameterizedTest
  @CsvSource({
    "rancher.tar, rancher.tar",
    "/media/usb/a b.tar, /media/usb/a b.tar",
    "oci-archive:/x/rancher.tar, /x/rancher.tar",
    "odd:name.tar, odd:name.tar",
    "oci, oci",
  })
  void aFileNeedsNoTransport(String text, String path) {
    assertThat(ImageLocation.parseLocal(text))
        .isEqualTo(new ImageLocation.OciArchive(Path.of(path)));
  }

  @ParameterizedTest
  @CsvSource({"oci:usb, usb", "oci:/media/usb/images, /media/usb/images", "oci:./5000, ./5000"})
  void aFolderIsNamedByItsTransport(String text, String path) {
    ImageLocation folder = new ImageLocation.OciLayout(Path.of(path));

    assertThat(ImageLocation.parseLocal(text)).isEqualTo(folder);
    assertThat(ImageLocation.parse(text)).isEqualTo(folder);
    assertThat(folder).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "harbor.example.com",
        "harbor.example.com/rancher",
        "localhost:5000/a/b",
        "oci:5000",
        "oci:5000/project",
        "dir:5000",
        "[::1]:5000",
      })
  void aRegistryNeedsNoTransport(String text) {
    assertThat(ImageLocation.parse(text)).isEqualTo(new ImageLocation.Registry(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oci:              | oci: lacks the path behind it",
        "oci-archive:      | oci-archive: lacks the path behind it",
        "oci:dir:v1        | oci:dir:v1 has a colon in its path: name the whole folder",
        "oci-archive:f:v1  | oci-archive:f:v1 has a colon in its path: name the whole file",
        "docker-archive:f  | docker-archive: is not supported here: give oci-archive:FILE, or FILE",
        "docker://r.io/a:1 | docker:// is not supported here",
        "ocidir://x        | ocidir: is not supported here",
      })
  void whatNamesNoPlaceIsRefusedInOneLine(String text, String message) {
    assertThatThrownBy(() -> ImageLocation.parseLocal(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aPathThatNoSystemTakesIsRefused() {
    assertThatThrownBy(() -> ImageLocation.parseLocal("a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a path");
    assertThatThrownBy(() -> ImageLocation.parse("s3://bucket"))
        .hasMessage("s3:// is not supported here: give HOST[/PROJECT], or oci:DIR");
  }
}
