package io.mirrorimages.location;

import java.nio.file.Path;

/** A place where images are. Immutable; nothing is opened, and nothing need exist. */
public sealed interface ImageLocation {

  /** A place on this machine's disks. */
  sealed interface Local extends ImageLocation {
    /** The file or folder. */
    Path path();
  }

  /** A tar that is an OCI image layout, or one of its volumes. */
  record OciArchive(Path path) implements Local {
    /** As a user writes it. */
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A folder that is an OCI image layout. */
  record OciLayout(Path path) implements Local {
    /** As a user writes it. */
    @Override
    public String toString() {
      return Transports.FOLDER + path;
    }
  }

  /** A registry, as {@code HOST[/PATH]}; what it says is checked when it is used. */
  record Registry(String name) implements ImageLocation {
    /** As a user writes it. */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Parses the name of a place; one without transport is a file.
   *
   * @throws IllegalArgumentException if it names no place here; the message is one line
   */
  static Local parseLocal(String text) {
    return Transports.local(text, "oci-archive:FILE, or FILE alone, or oci:DIR")
        .orElseGet(() -> new OciArchive(Transports.path(text)));
  }

  /**
   * Parses the name of a place; one without transport is a registry.
   *
   * @throws IllegalArgumentException if it names no place; the message is one line
   */
  static ImageLocation parse(String text) {
    return Transports.isHostWithPort(text)
        ? new Registry(text)
        : Transports.local(text, "HOST[/PROJECT], or oci:DIR")
            .<ImageLocation>map(place -> place)
            .orElseGet(() -> new Registry(text));
  }
}
