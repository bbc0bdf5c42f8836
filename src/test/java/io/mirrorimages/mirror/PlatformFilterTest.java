package io.mirrorimages.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.image.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlatformFilterTest {
  private final List<String> entries = new ArrayList<>();

  @Test
  void attestationsFollowTheImageTheyAttest() throws IOException {
    String amd64 = image("linux/amd64");
    String arm64 = image("linux/arm64");
    String s390x = image("linux/s390x");
    String ofAmd64 = attestation(amd64);
    String ofS390x = attestation(s390x);

    assertThat(select("linux/amd64", "linux/arm64"))
        .containsExactly(amd64, arm64, ofAmd64)
        .doesNotContain(ofS390x);
  }

  @Test
  void oneWantedPlatformIsOneManifestWithoutAttestation() throws IOException {
    String amd64 = image("linux/amd64");
    attestation(amd64);
    image("linux/arm64");

    assertThat(select("linux/amd64")).containsExactly(amd64);
  }

  @Test
  void ofArmVariantsTheNewestIsTakenAndOfOthersThePlainest() throws IOException {
    image("linux/arm/v6");
    String v7 = image("linux/arm/v7");
    image("linux/amd64/v3");
    String plain = image("linux/amd64");

    assertThat(select("linux/arm")).containsExactly(v7);
    assertThat(select("linux/amd64")).containsExactly(plain);
  }

  @Test
  void anOsVersionChoosesAmongSeveral() throws IOException {
    image("windows/amd64:10.0.17763.6775");
    String later = image("windows/amd64:10.0.20348.3091");

    assertThat(select("windows/amd64:10.0.20348")).containsExactly(later);
  }

  @Test
  void whatIsNeitherForAPlatformNorAnAttestationStaysWithSeveral() throws IOException {
    String amd64 = image("linux/amd64");
    String chart = entry("");
    image("linux/ppc64le");

    assertThat(select("linux/amd64", "linux/arm64")).containsExactly(amd64, chart);
    assertThat(select("linux/amd64")).containsExactly(amd64);
  }

  private List<String> select(String... wanted) throws IOException {
    String index =
        "{\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(MediaTypes.OCI_INDEX, String.join(",", entries));
    PlatformFilter filter = new PlatformFilter(Stream.of(wanted).map(Platform::parse).toList());
    return filter
        .select(
            Manifest.parse(index.getBytes(StandardCharsets.UTF_8), ""), entry -> Optional.empty())
        .stream()
        .map(Descriptor::digest)
        .map(Object::toString)
        .toList();
  }

  private String image(String text) {
    Platform platform = Platform.parse(text);
    return entry(
        ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\",\"variant\":\"%s\",\"os.version\":\"%s\"}"
            .formatted(
                platform.os(), platform.architecture(), platform.variant(), platform.osVersion()));
  }

  private String attestation(String of) {
    return entry(
        ",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"},\"annotations\":{\"vnd.docker.reference.digest\":\"%s\"}"
            .formatted(of));
  }

  private String entry(String fields) {
    String digest = "sha256:" + "%064x".formatted(entries.size() + 1);
    entries.add(
        "{\"mediaType\":\"%s\",\"size\":1,\"digest\":\"%s\"%s}"
            .formatted(MediaTypes.OCI_MANIFEST, digest, fields));
    return digest;
  }
}
