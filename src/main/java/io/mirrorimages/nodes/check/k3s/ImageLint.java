package io.mirrorimages.nodes.check.k3s;

import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.NodeAttempt;
import io.mirrorimages.nodes.check.NodeReader;
import io.mirrorimages.route.KeyText;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a list of images and a {@code registries.yaml} do not go together. */
final class ImageLint {
  private final K3sRegistries file;
  private final List<NodeReader> readers;
  private final Collection<Reference> images;
  private final FindingLog findings;

  ImageLint(
      K3sRegistries file,
      List<NodeReader> readers,
      Collection<Reference> images,
      FindingLog findings) {
    this.file = file;
    this.readers = readers;
    this.images = images;
    this.findings = findings;
  }

  void run() {
    if (images.isEmpty()) {
      return;
    }
    Set<String> registries =
        images.stream().map(image -> image.repository().registry()).collect(Collectors.toSet());
    file.mirrors()
        .forEach(
            (name, mirror) -> {
              if (!name.equals(K3sRegistries.ANY)
                  && !registries.contains(name)
                  && !file.isMirrorOfItself(name)) {
                find(
                    FindingKind.UNUSED_MIRROR,
                    mirror.line(),
                    "no image of the list is of " + KeyText.host(name));
              }
            });
    Map<String, String> differing = new HashMap<>();
    for (Reference image : images) {
      List<NodeAttempt> first = readers.getFirst().resolve(image).attempts();
      List<NodeAttempt> second = readers.get(1).resolve(image).attempts();
      String registry = image.repository().registry();
      boolean own = file.isEndpoint(registry);
      if (!asked(first, image, own).equals(asked(second, image, own))) {
        differing.putIfAbsent(
            registry,
            "for "
                + image
                + " the kubelet asks "
                + words(asked(first, image, own))
                + ", the bootstrap asks "
                + words(asked(second, image, own)));
      }
    }
    differing.values().forEach(text -> find(FindingKind.READERS_DIFFER, 0, text));
  }

  /** The places that are no default; of a registry that is a mirror of others, all. */
  private static List<String> asked(List<NodeAttempt> attempts, Reference image, boolean own) {
    return attempts.stream()
        .filter(attempt -> attempt.refusal().isEmpty() && (own || !attempt.isDefault()))
        .map(attempt -> attempt.url(image) + " as " + attempt.login())
        .distinct()
        .toList();
  }

  private static String words(List<String> urls) {
    return urls.isEmpty() ? "no mirror" : String.join(", ", urls);
  }

  private void find(FindingKind kind, int line, String text) {
    findings.add(kind, file.name(), line, text);
  }
}
