package io.mirrorimages.torture;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.mirror.PlannedImage;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Two real registries, the first with some images, that all runs share: each has a project of its
 * own in the second. Thread-safe.
 */
final class Arena implements AutoCloseable {
  private final DockerRegistry source = DockerRegistry.open();
  private final DockerRegistry target = DockerRegistry.open();
  private final TestImages made = new TestImages();
  private final Map<String, PlannedImage> images = new LinkedHashMap<>();

  /** Starts the registries and fills the first. */
  Arena() throws IOException {
    TestImages.Layer base = made.layer("base", 1_000_000);
    TestImages.Layer shared = made.layer("shared", 2_000_000);
    TestImages.Layer large = made.layer("large", 5_000_000);
    Manifest amd64 = made.image(TestImages.AMD64, base, shared, made.layer("amd64", 300_000));
    Manifest arm64 = made.image(TestImages.ARM64, made.layer("arm64", 700_000));
    Manifest agent = made.image(TestImages.AMD64, base, large);
    byte[] chart = "a chart".repeat(1000).getBytes(StandardCharsets.UTF_8);
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      Map<String, Manifest> tops = new LinkedHashMap<>();
      tops.put("rancher/server:v1", made.index(amd64, arm64));
      tops.put("rancher/agent:v1", agent);
      tops.put("rancher/agent:v2", made.dockerImage(TestImages.AMD64, base, shared));
      tops.put("rancher/chart:v1", made.artifact("a/config", "a/chart", chart));
      tops.put("rancher/shell:v1", made.image(TestImages.ARM64, made.layer("shell", 50_000)));
      for (Map.Entry<String, Manifest> top : tops.entrySet()) {
        PlannedImage image = made.plan(source.name() + "/" + top.getKey(), top.getValue());
        made.store(image, registries.asTarget());
        images.put(top.getKey(), image);
      }
    }
  }

  int sourcePort() {
    return port(source);
  }

  int targetPort() {
    return port(target);
  }

  private static int port(DockerRegistry registry) {
    return Integer.parseInt(registry.name().replaceFirst(".*:", ""));
  }

  /** The images, as {@code rancher/server:v1}. */
  Set<String> names() {
    return images.keySet();
  }

  /** The bytes of each blob by its digest. */
  Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    blobs().keySet().forEach(d -> contents.put(d, made.content(Digest.parse(d))));
    return contents;
  }

  /** The size of each blob by its digest. */
  Map<String, Long> blobs() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    images
        .values()
        .forEach(
            image ->
                image.blobs().forEach(blob -> sizes.put(blob.digest().toString(), blob.size())));
    return sizes;
  }

  /**
   * Reads every manifest and every blob of a project, without any code of the tool's that moves
   * them.
   *
   * @return what is wrong; nothing if all is right
   */
  List<String> check(String project) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, PlannedImage> image : images.entrySet()) {
      String[] name = image.getKey().split(":");
      Set<String> reached = new LinkedHashSet<>();
      String repository = project + "/" + name[0];
      String top = image.getValue().top().digest().toString();
      readManifest(repository, name[1], top, reached, wrong);
      if (wrong.isEmpty()) {
        for (Descriptor blob : image.getValue().blobs()) {
          if (!reached.contains(blob.digest().toString())) {
            wrong.add(repository + " does not lead to " + blob.digest());
          }
        }
      }
    }
    return wrong;
  }

  private void readManifest(
      String repository, String name, String digest, Set<String> reached, List<String> wrong)
      throws IOException {
    byte[] bytes = read(repository + "/manifests/" + name);
    if (bytes == null || !Digest.sha256(bytes).toString().equals(digest)) {
      wrong.add(repository + ":" + name + (bytes == null ? " is missing" : " is not " + digest));
      return;
    }
    JsonNode manifest = Json.parse(bytes, name);
    for (JsonNode child : manifest.path("manifests")) {
      String its = child.path("digest").asString("");
      readManifest(repository, its, its, reached, wrong);
    }
    List<String> blobs = new ArrayList<>();
    manifest.path("layers").forEach(layer -> blobs.add(layer.path("digest").asString("")));
    if (manifest.has("config")) {
      blobs.add(manifest.at("/config/digest").asString(""));
    }
    for (String blob : blobs) {
      if (reached.add(blob)) {
        byte[] content = read(repository + "/blobs/" + blob);
        if (content == null || !Digest.sha256(content).toString().equals(blob)) {
          wrong.add(repository + "@" + blob + (content == null ? " is missing" : " is wrong"));
        }
      }
    }
  }

  private byte[] read(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://" + target.name() + "/v2/" + path)
                .toURL()
                .openConnection(java.net.Proxy.NO_PROXY);
    connection.setRequestProperty("Accept", String.join(", ", MediaTypes.ACCEPTED_MANIFESTS));
    if (connection.getResponseCode() != 200) {
      return null;
    }
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes();
    }
  }

  @Override
  public void close() {
    source.close();
    target.close();
  }
}
