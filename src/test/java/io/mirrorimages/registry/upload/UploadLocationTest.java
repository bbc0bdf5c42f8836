package io.mirrorimages.registry.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.http.Url;
import org.junit.jupiter.api.Test;

class UploadLocationTest {
  private static final Url REGISTRY = Url.origin("https", "registry.example.com:8443");

  @Test
  void anUploadStaysOnOurSchemeAndPortOfTheRegistrysHost() {
    Url request = REGISTRY.at("/v2/a/blobs/uploads/");
    assertThat(UploadLocation.of("http://registry.example.com/u?s", request, REGISTRY))
        .isEqualTo(REGISTRY.at("/u?s"));
    assertThat(UploadLocation.of("https://cdn.example.com/u?s", request, REGISTRY))
        .isEqualTo(Url.parse("https://cdn.example.com/u?s"));
  }
}
