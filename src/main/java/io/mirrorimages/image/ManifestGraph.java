package io.mirrorimages.image;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The walk over an image's manifests: its manifest or index, and all that its indexes list, depth
 * first. Each digest is fetched and visited once per graph, however often and deep indexes list it;
 * several images can be walked in one graph. Where a walk fails, the manifests that it has not
 * walked to their end can be walked again, so one bad image hides nothing of others. Bounded in
 * depth by {@link #MAX_DEPTH}, in breadth and bytes by a {@link ManifestBudget} per walk. Not
 * thread-safe.
 *
 * <pre>{@code
 * new ManifestGraph(entry -> Optional.of(source.manifest(image.at(entry.digest()))))
 *     .walk(top, (entry, manifest) -> blobs.addAll(manifest.blobs()));
 * }</pre>
 */
public final class ManifestGraph {
  /**
   * How many manifests lie on a path from an image's index to a manifest, both included; deeper
   * ones are not found in practice.
   */
  public static final int MAX_DEPTH = 4;

  private final Fetcher fetcher;
  private final Set<Digest> seen = new HashSet<>();

  /** {@code fetcher} is called once for each digest, unless a walk fails. */
  public ManifestGraph(Fetcher fetcher) {
    this.fetcher = fetcher;
  }

  /** Reads manifests from wherever the caller has them. */
  @FunctionalInterface
  public interface Fetcher {
    /**
     * The manifest that {@code entry} describes; empty to leave it out, with all below it: whether
     * a missing one is an error is for the caller to say. The walk ends with what this throws.
     */
    Optional<Manifest> fetch(Descriptor entry) throws IOException;
  }

  /** Receives the manifests of a walk. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * A manifest, or an index.
     *
     * @param entry what refers to it
     */
    void visit(Descriptor entry, Manifest manifest) throws IOException;
  }

  /**
   * Fetches the manifest of {@code root}, and visits it and all below it, an index before what it
   * lists. Does nothing if this graph has met {@code root} already.
   *
   * @throws InvalidContentException if a bound is exceeded
   */
  public void walk(Descriptor root, Visitor visitor) throws IOException {
    new Walk(visitor, false, new ManifestBudget()).meet(root, 1);
  }

  /** As {@link #walk(Descriptor, Visitor)} from a manifest that the caller has. */
  public void walk(Manifest top, ManifestBudget budget, Visitor visitor) throws IOException {
    from(top, new Walk(visitor, false, budget));
  }

  /** As {@link #walk(Manifest, ManifestBudget, Visitor)}, an index after what it lists. */
  public void walkChildrenFirst(Manifest top, ManifestBudget budget, Visitor visitor)
      throws IOException {
    from(top, new Walk(visitor, true, budget));
  }

  private void from(Manifest top, Walk walk) throws IOException {
    if (seen.add(top.digest())) {
      walk.descend(top.descriptor(), top, 1);
    }
  }

  private final class Walk {
    private final Visitor visitor;
    private final boolean childrenFirst;
    private final ManifestBudget budget;

    Walk(Visitor visitor, boolean childrenFirst, ManifestBudget budget) {
      this.visitor = visitor;
      this.childrenFirst = childrenFirst;
      this.budget = budget;
    }

    void meet(Descriptor entry, int depth) throws IOException {
      if (!seen.add(entry.digest())) {
        return;
      }
      boolean complete = false;
      try {
        checkDepth(depth);
        Optional<Manifest> manifest = fetcher.fetch(entry);
        if (manifest.isPresent()) {
          budget.add(manifest.get());
          descend(entry, manifest.get(), depth);
        }
        complete = true;
      } finally {
        if (!complete) {
          seen.remove(entry.digest());
        }
      }
    }

    void descend(Descriptor entry, Manifest manifest, int depth) throws IOException {
      if (!childrenFirst) {
        visitor.visit(entry, manifest);
      }
      for (Descriptor child : manifest.children()) {
        meet(child, depth + 1);
      }
      if (childrenFirst) {
        visitor.visit(entry, manifest);
      }
    }
  }

  private static void checkDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidContentException("indexes are nested more than " + MAX_DEPTH + " deep");
    }
  }
}
