package io.mirrorimages.archive.format.tree;

import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The image cache of Talos (its pkg/imager/cache), in a folder or a tar:
 *
 * <pre>
 * blob/sha256-HEX
 * manifests/REGISTRY/REPOSITORY/digest/sha256-HEX
 *                              /reference/TAG       the same bytes
 * </pre>
 *
 * <p>A port is written {@code host_5000_}.
 */
public final class TalosCacheFormat extends ManifestTree {
  private static final Pattern MANIFEST =
      Pattern.compile("manifests/([^/]+)/(.+)/(?:digest/sha256-([0-9a-f]{64})|reference/([^/]+))");
  private static final Pattern PORT = Pattern.compile("_([0-9]+)_$");

  /** For {@code ArchiveFormats}. */
  public TalosCacheFormat() {
    super("blob/sha256-");
  }

  @Override
  public String title() {
    return "Talos image cache";
  }

  @Override
  void add(String name, SmallFile file, TaggedManifests manifests) throws IOException {
    Matcher path = MANIFEST.matcher(name);
    if (!path.matches()) {
      return;
    }
    String registry = PORT.matcher(path.group(1)).replaceFirst(":$1");
    Repository repository = Reference.parseRepository(registry + "/" + path.group(2));
    byte[] bytes = file.bytes();
    if (path.group(3) != null) {
      manifests.manifest(repository, new Digest("sha256", path.group(3)), file.content(), bytes);
    } else {
      Digest digest = Digest.sha256(bytes);
      manifests.manifest(repository, digest, file.content(), bytes);
      manifests.tag(repository, path.group(4), digest);
    }
  }
}
