package io.mirrorimages.archive.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Platform;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The exact text of the JSON files of an archive. */
class LayoutJsonTest {
  private static final Predicate<Digest> ALL = digest -> true;

  private final TestImages images = new TestImages();
  private final Manifest shell = images.image(TestImages.AMD64, images.layer("shell", 10));
  private final Manifest agent =
      images.image(TestImages.ARM64, images.layer("a", 10), images.layer("b", 10));
  private final Manifest windows =
      images.index(images.image(Platform.parse("windows/amd64"), images.layer("w", 10)));

  @Test
  void theLayoutHasAVersion() {
    assertThat(text(LayoutJson.layout())).isEqualTo("{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  @Test
  void theIndexHasOneDescriptorForEachName() {
    List<NamedImage> named = named("rancher/shell:v1", shell, "rancher/agent:v2", agent);
    named.add(named.getFirst());

    assertThat(text(LayoutJson.index(named)))
        .isEqualTo(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                + "\"manifests\":["
                + entry(shell, "docker.io/rancher/shell:v1")
                + ","
                + entry(agent, "docker.io/rancher/agent:v2")
                + "]}");
  }

  private static String entry(Manifest image, String name) {
    return ("{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"annotations\":"
            + "{\"io.containerd.image.name\":\"%s\",\"org.opencontainers.image.ref.name\":\"%s\"}}")
        .formatted(image.mediaType(), image.digest(), image.bytes().length, name, name);
  }

  @Test
  void anIndexIsReadAsItWasWritten() {
    List<NamedImage> named = named("rancher/shell:v1", shell, "quay.io/rancher/agent", agent);

    LayoutIndex read = LayoutIndex.parse(LayoutJson.index(named).bytes());

    assertThat(read.named())
        .containsExactly(
            new ArchivedImage(named.getFirst().name(), shell.descriptor()),
            new ArchivedImage(named.getLast().name(), agent.descriptor()));
    assertThat(read.unnamed()).isEmpty();
  }

  @Test
  void theDockerManifestNamesConfigAndLayersOfEachImage() {
    String layers =
        "\"blobs/sha256/%s\",\"blobs/sha256/%s\""
            .formatted(
                agent.layers().getFirst().digest().hex(), agent.layers().getLast().digest().hex());

    assertThat(text(LayoutJson.dockerManifest(named("rancher/agent:v2", agent), ALL)))
        .isEqualTo(
            "[{\"Config\":\"blobs/sha256/%s\",\"RepoTags\":[\"docker.io/rancher/agent:v2\"],\"Layers\":[%s]}]"
                .formatted(agent.config().orElseThrow().digest().hex(), layers));
  }

  /** Docker gives up at the first image that is not for its own system. */
  @Test
  void whatIsNotForLinuxComesLast() {
    List<NamedImage> named = named("a/windows:1", windows, "a/shell:1", shell, "a/agent:1", agent);

    assertThat(tags(named, ALL))
        .containsExactly("docker.io/a/shell:1", "docker.io/a/agent:1", "docker.io/a/windows:1");
    assertThat(tags(named("a/windows:1", windows), ALL)).containsExactly("docker.io/a/windows:1");
  }

  @Test
  void whatDockerCannotLoadIsLeftOut() {
    String pinned = "a/shell@" + shell.digest();
    Manifest chart =
        images.artifact("application/vnd.cncf.helm.config.v1+json", "application/x", new byte[1]);
    List<NamedImage> named = named(pinned, shell, "a/chart:1", chart, "a/agent:1", agent);
    Digest layer = agent.layers().getLast().digest();

    assertThat(tags(named, ALL)).containsExactly("docker.io/a/agent:1");
    assertThat(tags(named, digest -> !digest.equals(layer))).isEmpty();
  }

  /** Also where the first is for another system than the second. */
  @Test
  void aNameIsThatOfTheFirstImageWhichCanBeLoaded() {
    List<NamedImage> named = named("a/b:1", windows);
    named.add(new NamedImage(named.getFirst().name(), images.plan("a/b:1", shell)));

    String first = LayoutNames.blob(config(images.plan("a/b:1", windows)));
    assertThat(docker(named, ALL)).hasSize(1);
    assertThat(docker(named, ALL).get(0).path("Config").asString()).isEqualTo(first);
  }

  private static Digest config(PlannedImage image) {
    return image.manifests().getFirst().config().orElseThrow().digest();
  }

  @Test
  void itsLengthIsKnownWithoutItsText() {
    List<NamedImage> named = named("a/windows:1", windows, "a/agent:1", agent);
    JsonText index = LayoutJson.index(named);
    JsonText bytewise =
        out -> {
          try {
            out.write('{');
            out.write(new byte[] {0, 1, 2, 3}, 1, 2);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };

    assertThat(index.length()).isEqualTo(index.bytes().length).isGreaterThan(500);
    assertThat(bytewise.length()).isEqualTo(3);
    assertThat(bytewise.bytes()).containsExactly('{', 1, 2);
    assertThat(index.bytes()).isEqualTo(index.bytes());
  }

  /** Its file is closed by whoever opened it, and only once all of it is there. */
  @Test
  void aTextIsWrittenWhole() {
    StringBuilder written = new StringBuilder();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            written.append((char) b);
          }
        };
    LayoutJson.layout().writeTo(out);

    assertThat(written).hasToString(text(LayoutJson.layout()));
  }

  private List<String> tags(List<NamedImage> named, Predicate<Digest> stored) {
    List<String> tags = new ArrayList<>();
    docker(named, stored).forEach(entry -> tags.add(entry.path("RepoTags").get(0).asString()));
    return tags;
  }

  private static JsonNode docker(List<NamedImage> named, Predicate<Digest> stored) {
    return Json.MAPPER.readTree(LayoutJson.dockerManifest(named, stored).bytes());
  }

  private static String text(JsonText text) {
    return new String(text.bytes(), StandardCharsets.UTF_8);
  }

  /** Names and images in turn. */
  private List<NamedImage> named(Object... pairs) {
    List<PlannedImage> plan = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      plan.add(images.plan((String) pairs[i], (Manifest) pairs[i + 1]));
    }
    return new ArrayList<>(NamedImage.of(plan));
  }
}
