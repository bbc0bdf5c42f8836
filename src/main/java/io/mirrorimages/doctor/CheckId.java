package io.mirrorimages.doctor;

/** What a check is about, in the order in which things are looked at. */
public enum CheckId {
  /** What the registry's name stands for. */
  DNS("DNS"),
  /** Whether anything listens there. */
  CONNECTION("connection"),
  /** Certificates and protocol. */
  TLS("TLS"),
  /** Whether it is a registry, and which. */
  REGISTRY("registry"),
  /** What time it is there. */
  CLOCK("clock"),
  /** The token service that it names. */
  TOKENS("tokens"),
  /** Whether it knows the user. */
  LOGIN("login"),
  /** Harbor as a whole. */
  HARBOR("Harbor"),
  /** A project of Harbor, and what the user may do there. */
  PROJECT("project"),
  /** What a project may hold. */
  QUOTA("quota"),
  /** Whether it takes the images as they are. */
  IMAGES("images"),
  /** How large requests may be. */
  UPLOAD("upload"),
  /** The disk of the registry. */
  VOLUME("volume"),
  /** This machine's own disk. */
  STATE("state");

  private final String label;

  CheckId(String label) {
    this.label = label;
  }

  /** The word for it in the output. */
  public String label() {
    return label;
  }
}
