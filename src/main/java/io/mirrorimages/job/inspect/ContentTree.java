package io.mirrorimages.job.inspect;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.ManifestGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An image, or a part of it, with what it refers to, as far as the archive has that.
 *
 * @param kind what it is
 * @param entry how it is referred to
 * @param elsewhere the volume or base that has it, in words; empty if it is in these files
 * @param children what it refers to, referrers last; empty where the same digest stands above
 */
public record ContentTree(
    Role kind, Descriptor entry, Optional<String> elsewhere, List<ContentTree> children) {

  /** Copies the list. */
  public ContentTree {
    children = List.copyOf(children);
  }

  /** What a part of an image is. */
  public enum Role {
    /** Lists manifests. */
    INDEX,
    /** Of one platform. */
    MANIFEST,
    /** Of BuildKit, of another manifest of the index. */
    ATTESTATION,
    /** Of an image, or of an artifact. */
    CONFIG,
    /** Of an image, or of an artifact. */
    LAYER,
    /** A signature or alike, which names as its subject what it stands below. */
    REFERRER;

    /** As it is printed. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * Reads the manifests of an image.
   *
   * @param top its index or manifest
   * @throws InvalidContentException if a bound of {@link ManifestGraph} is exceeded
   */
  public static ContentTree of(ArchiveReader archive, Descriptor top, Referrers referrers)
      throws IOException {
    return new TreeBuilder(archive, referrers).tree(top, Optional.empty(), 1);
  }

  /** All manifests of one platform, in their order. */
  public List<ContentTree> manifests() {
    List<ContentTree> found = new ArrayList<>();
    collect(found);
    return found;
  }

  private void collect(List<ContentTree> found) {
    if (kind == Role.MANIFEST) {
      found.add(this);
    } else if (kind == Role.INDEX) {
      children.forEach(child -> child.collect(found));
    }
  }

  /** The children of one kind. */
  public List<ContentTree> children(Role wanted) {
    return children.stream().filter(child -> child.kind == wanted).toList();
  }

  private static final class TreeBuilder {
    private final ArchiveReader archive;
    private final Referrers referrers;
    private final ManifestBudget budget = new ManifestBudget();
    private final Set<Digest> seen = new HashSet<>();

    TreeBuilder(ArchiveReader archive, Referrers referrers) {
      this.archive = archive;
      this.referrers = referrers;
    }

    ContentTree tree(Descriptor entry, Optional<Role> kind, int depth) throws IOException {
      Optional<String> elsewhere = archive.lacking(entry).map(blob -> blob.where());
      boolean here = archive.size(entry.digest()).isPresent();
      if (!here) {
        elsewhere = elsewhere.or(() -> Optional.of("not in this archive"));
      }
      if (!here || !seen.add(entry.digest())) {
        return new ContentTree(kind.orElse(Role.MANIFEST), entry, elsewhere, List.of());
      }
      if (depth > ManifestGraph.MAX_DEPTH) {
        throw new InvalidContentException("indexes are nested too deep");
      }
      Manifest manifest = archive.manifest(entry.digest(), entry.mediaType());
      budget.add(manifest);
      List<ContentTree> children = new ArrayList<>();
      for (Descriptor child : manifest.children()) {
        Optional<Role> known = child.attested().map(of -> Role.ATTESTATION);
        children.add(tree(child, known, depth + 1));
      }
      manifest.config().ifPresent(config -> children.add(leaf(Role.CONFIG, config)));
      manifest.layers().forEach(layer -> children.add(leaf(Role.LAYER, layer)));
      for (Descriptor referrer : referrers.of(entry.digest())) {
        children.add(tree(referrer, Optional.of(Role.REFERRER), depth + 1));
      }
      Role own = manifest.isIndex() ? Role.INDEX : Role.MANIFEST;
      return new ContentTree(kind.orElse(own), entry, elsewhere, children);
    }

    private ContentTree leaf(Role kind, Descriptor entry) {
      return new ContentTree(kind, entry, archive.lacking(entry).map(b -> b.where()), List.of());
    }
  }
}
