package io.mirrorimages.registry.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The table of what is particular: whom its rows are for, and what they say. */
class KnownRegistriesTest {
  private final KnownRegistries known = KnownRegistries.standard();

  @ParameterizedTest
  @CsvSource({
    "docker.io, Docker Hub",
    "m.daocloud.io, DaoCloud's mirror",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com, Amazon ECR",
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com, Amazon ECR",
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn, Amazon ECR",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com:443, Amazon ECR",
    "public.ecr.aws, Amazon ECR",
    "europe-west3-docker.pkg.dev, Google's registry",
    "gcr.io, Google's registry",
    "eu.gcr.io, Google's registry",
    "ghcr.io, GitHub's registry",
    "quay.io, Quay",
    "site.azurecr.io, Azure Container Registry",
    "site.azurecr.cn, Azure Container Registry",
    "harbor.example.com, any other",
    "127.0.0.1:5000, any other",
    "registry.k8s.io, any other",
    "ghcr.io.example.com, any other",
    "notghcr.io, any other",
    "azurecr.io, any other",
    "s3.eu-west-1.amazonaws.com, any other"
  })
  void aRegistryIsKnownByItsName(String registry, String name) {
    assertThat(known.of(registry).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "Nexus/3.87.1-01 (PRO), Nexus",
    "nginx, any other",
    "'', any other",
  })
  void aRegistryOnASitesOwnHostIsKnownByWhatItSaysOfItself(String server, String name) {
    Map<String, String> headers = Map.of("Server", server);
    assertThat(known.of("nexus.example.com", header -> Optional.ofNullable(headers.get(header))))
        .extracting(RegistryRules::name)
        .isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io, false, 0, max, max, 10737418240",
    "europe-west3-docker.pkg.dev, false, 0, max, max, max",
    "gcr.io, false, 0, max, max, max",
    "1.dkr.ecr.eu-west-1.amazonaws.com, true, 5242880, max, max, max",
    "site.azurecr.io, true, 0, 10485760, 16777216, 214748364800",
    "quay.io, true, 0, max, 20000000000, max",
    "docker.io, true, 0, max, max, max",
    "harbor.example.com, true, 0, max, max, max"
  })
  void blobsAreSentAsTheRegistryTakesThem(
      String registry, boolean chunks, String least, String most, String put, String blob) {
    assertThat(known.of(registry).uploads())
        .isEqualTo(
            new RegistryRules.UploadRules(
                chunks, bytes(least), bytes(most), bytes(put), bytes(blob)));
  }

  private static long bytes(String text) {
    return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io/me/shell:1",
        "ghcr.io/me/shell:1",
        "ghcr.io/me/rancher/shell:1",
        "quay.io/me/rancher/shell:1",
        "europe-west3-docker.pkg.dev/p/r/shell:1",
        "europe-west3-docker.pkg.dev/p/r/rancher/shell:1",
        "gcr.io/p/shell:1",
        "site.azurecr.io/shell:1",
        "1.dkr.ecr.eu-west-1.amazonaws.com/rancher/sub/shell:1",
        "harbor.example.com/shell:1"
      })
  void namesThatTheRegistryTakesPass(String image) {
    Reference reference = Reference.parse(image);
    assertThatCode(() -> known.of(reference.repository().registry()).checkNames(List.of(reference)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io/me/rancher/shell:1, NAMESPACE/NAME, {setting map}",
    "ghcr.io/shell:1, OWNER/NAME, {setting registry}",
    "quay.io/shell:1, NAMESPACE/NAME, {setting registry}",
    "europe-west3-docker.pkg.dev/rancher/shell:1, PROJECT/REPOSITORY/IMAGE, {setting registry}",
    "gcr.io/shell:1, PROJECT/IMAGE, {setting registry}"
  })
  void namesThatTheRegistryRefusesAreToldWithTheirForm(String image, String form, String remedy) {
    Reference reference = Reference.parse(image);
    assertThatThrownBy(
            () -> known.of(reference.repository().registry()).checkNames(List.of(reference)))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContainingAll(image, form, remedy);
  }

  @Test
  void refusedNamesAreToldTogetherUpToFive() {
    List<Reference> images =
        Stream.concat(
                Stream.of(Reference.parse("ghcr.io/me/fine:1")),
                IntStream.range(0, 8).mapToObj(i -> Reference.parse("ghcr.io/x" + i + ":1")))
            .toList();
    assertThatThrownBy(() -> known.of("ghcr.io").checkNames(images))
        .hasMessageContainingAll("ghcr.io/x0:1", "ghcr.io/x4:1", "and 3 more")
        .hasMessageNotContainingAny("ghcr.io/x5", "fine");
  }

  @Test
  void everyRuleHasItsSource() throws IOException {
    try (InputStream in = KnownRegistries.class.getResourceAsStream("registries.json")) {
      for (JsonNode row : Json.parse(in.readAllBytes(), "the table").path("registries")) {
        for (String rule : row.propertyNames()) {
          if (!List.of("name", "hosts", "why", "sources").contains(rule)) {
            assertThat(row.path("sources").path(rule).asString(""))
                .as(row.path("name") + " " + rule)
                .isNotBlank();
          }
        }
      }
    }
  }
}
