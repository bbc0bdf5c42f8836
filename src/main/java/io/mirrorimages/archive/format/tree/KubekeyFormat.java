package io.mirrorimages.archive.format.tree;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The images of KubeKey 4 (its pkg/modules/image/repository.go), in a folder or a tar, such as its
 * artifact, which has them in {@code images}:
 *
 * <pre>
 * blobs/sha256:HEX
 * REGISTRY/REPOSITORY/manifests/sha256:HEX
 *                              /layout      {"TAG": "sha256:HEX"}
 * </pre>
 */
public final class KubekeyFormat extends ManifestTree {
  private static final Pattern MANIFEST =
      Pattern.compile("([^/]+/.+)/manifests/(?:sha256:([0-9a-f]{64})|(layout))");

  /** For {@code ArchiveFormats}. */
  public KubekeyFormat() {
    super("blobs/sha256:");
  }

  @Override
  public String title() {
    return "KubeKey images";
  }

  @Override
  void add(String name, SmallFile file, TaggedManifests manifests) throws IOException {
    Matcher path = MANIFEST.matcher(name);
    if (!path.matches()) {
      return;
    }
    Repository repository = Reference.parseRepository(path.group(1));
    if (path.group(2) != null) {
      Digest digest = new Digest("sha256", path.group(2));
      manifests.manifest(repository, digest, file.content(), file.bytes());
      return;
    }
    for (Map.Entry<String, JsonNode> tag : Json.parse(file.bytes(), name).properties()) {
      manifests.tag(repository, tag.getKey(), Digest.parse(tag.getValue().asString("")));
    }
  }
}
