package io.mirrorimages.report;

import io.mirrorimages.image.Reference;

/** The name of an image as lists have it. */
public final class FamiliarName {
  private FamiliarName() {}

  /** Without {@code docker.io/} and {@code library/}, and without the digest beside a tag. */
  public static String of(Reference reference) {
    String name =
        reference.repository()
            + reference
                .tag()
                .map(t -> ":" + t)
                .orElseGet(() -> "@" + reference.digest().orElseThrow());
    for (String implied : new String[] {"docker.io/library/", "docker.io/"}) {
      if (name.startsWith(implied)) {
        return name.substring(implied.length());
      }
    }
    return name;
  }
}
