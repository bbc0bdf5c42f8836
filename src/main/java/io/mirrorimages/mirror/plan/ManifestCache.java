package io.mirrorimages.mirror.plan;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Digest;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.ManifestBudget;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.port.ImageSource;
import io.mirrorimages.mirror.port.ImageTarget;
import io.mirrorimages.mirror.port.LocalManifests;
import io.mirrorimages.mirror.port.RateLimitedSource;
import io.mirrorimages.mirror.port.ReadableTarget;
import io.mirrorimages.mirror.work.Scheduler;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The manifests of a plan by their digest: each is fetched once, and where that is counted only if
 * neither this machine nor the target has it. Thread-safe.
 */
public final class ManifestCache {
  private final ImageSource source;
  private final LocalManifests local;
  private final RateLimitedSource limited;
  private final Optional<ImageTarget> target;
  private final Map<Digest, Manifest> known = new ConcurrentHashMap<>();
  private final Map<Digest, Object> locks = new ConcurrentHashMap<>();
  private final Map<Descriptor, Descriptor> descriptors = new ConcurrentHashMap<>();

  public ManifestCache(ImageSource source, Optional<ImageTarget> target) {
    this.source = source;
    this.local = LocalManifests.of(source);
    this.limited = RateLimitedSource.of(source);
    this.target = target;
  }

  /** A manifest that is known already. */
  Optional<Manifest> known(Digest digest) {
    return Optional.ofNullable(known.get(digest))
        .or(
            () -> {
              Optional<Manifest> here = local.localManifest(digest);
              return here.map(manifest -> keep(digest, manifest));
            });
  }

  /**
   * The same; the target is asked too, if it has another version of the image and the source counts
   * what it gives.
   */
  Optional<Manifest> near(ImageResolution draft, Digest digest) throws IOException {
    Optional<Manifest> here = known(digest);
    if (here.isPresent() || !isWorthAsking(draft)) {
      return here;
    }
    try {
      Optional<Manifest> there =
          ReadableTarget.of(target.get()).manifest(draft.request().target().at(digest));
      return there.map(manifest -> keep(digest, manifest));
    } catch (IOException | RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw Scheduler.interrupted();
      }
      // The source has it.
      return Optional.empty();
    }
  }

  private boolean isWorthAsking(ImageResolution draft) throws IOException {
    return target.isPresent()
        && draft.shown().isPresent()
        && !limited.pulls(draft.request().source()).isEmpty();
  }

  /** From the source at last, unless another image has brought it meanwhile. */
  Manifest fetch(Reference image, Digest digest) throws IOException {
    synchronized (locks.computeIfAbsent(digest, d -> new Object())) {
      Optional<Manifest> here = known(digest);
      if (here.isPresent()) {
        return here.get();
      }
      return keep(digest, source.manifest(image.at(digest)));
    }
  }

  /**
   * The manifest of an index's entry. The digest decides; that the entry gives another size or type
   * is of no harm, and images of well-known lists are so.
   *
   * @param held what the image takes up
   */
  Manifest child(Reference image, Descriptor entry, ManifestBudget held) throws IOException {
    Manifest child = fetch(image, entry.digest());
    held.add(child);
    return child;
  }

  /** What the source gives for a name, or a digest; nothing is kept of it. */
  Manifest fetch(Reference image) throws IOException {
    return source.manifest(image).sharing(this::shared);
  }

  /** Lets go of the manifests of an image that failed: who needs one of them too fetches it. */
  void forget(Set<Digest> digests) {
    for (Digest digest : digests) {
      Manifest manifest = known.remove(digest);
      locks.remove(digest);
      if (manifest != null) {
        manifest.children().forEach(descriptors::remove);
        manifest.blobs().forEach(descriptors::remove);
      }
    }
  }

  private Manifest keep(Digest digest, Manifest manifest) {
    Manifest compact = manifest.sharing(this::shared);
    known.put(digest, compact);
    return compact;
  }

  /** Images share most of their layers. */
  private Descriptor shared(Descriptor descriptor) {
    Descriptor first = descriptors.putIfAbsent(descriptor, descriptor);
    return first == null ? descriptor : first;
  }
}
