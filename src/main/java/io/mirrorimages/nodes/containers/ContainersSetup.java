package io.mirrorimages.nodes.containers;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.KnownSources;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeMirror;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/** What CRI-O and Podman have in common. */
final class ContainersSetup {
  /** The file with the mirrors. */
  static final String REGISTRIES = "/etc/containers/registries.conf.d/50-mirror-images.conf";

  private ContainersSetup() {}

  /** The file with the mirrors, which holds no secret. */
  static NodeFile registries(NodeSetup setup) throws TransferException {
    return new NodeFile(REGISTRIES, NodeFile.PUBLIC, RegistriesConfText.of(setup));
  }

  /** The first steps: the authority's certificate, and the files. */
  static List<String> steps(NodeSetup setup, String files) {
    List<String> steps = new ArrayList<>();
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Put the authority's certificate where it is looked for: `install -D -m 0644 %s /etc/containers/certs.d/%s/ca.crt`"
                        .formatted(TextLiteral.word(file), setup.host())));
    steps.add(files);
    return steps;
  }

  /** What to know about the file with the mirrors. */
  static List<String> remarks(NodeSetup setup) throws TransferException {
    List<String> remarks = new ArrayList<>();
    if (setup.mirrors().stream().anyMatch(NodeMirror::isAny)) {
      remarks.add(
          "There is no entry for every registry, so the file names "
              + String.join(", ", KnownSources.NAMES)
              + ": give a list of the images for others.");
    }
    remarks.add(
        "Files in registries.conf.d are read in the order of their names after registries.conf; a"
            + " later table with the same prefix replaces the former as a whole. A file in"
            + " ~/.config/containers replaces those of /etc for its user.");
    if (!setup.fallsBack()) {
      remarks.add(
          "With blocked, an image that the private registry has not fails with its own error; the"
              + " message that the registry is blocked comes last, and is about the original one.");
    }
    return remarks;
  }
}
