package io.mirrorimages.nodes.check.containers;

import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.Text;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.check.containers.ContainersRegistries.LocatedTexts;
import java.util.Collection;
import java.util.List;

/** Finds what in the values of all files together has another effect than it seems. */
final class RegistriesConfLint {
  private final ContainersRegistries registries;
  private final FindingLog findings;

  RegistriesConfLint(ContainersRegistries registries, FindingLog findings) {
    this.registries = registries;
    this.findings = findings;
  }

  void run(Collection<Reference> images) {
    registries.entries().values().forEach(this::entry);
    shortNames(images);
  }

  private void entry(PrefixEntry entry) {
    PrefixPlace own = entry.own();
    boolean itself = own.location().isEmpty() || own.location().equals(entry.prefix());
    if (!entry.mirrors().isEmpty() && !entry.blocked() && itself) {
      find(
          FindingKind.FALLS_BACK,
          own.file(),
          entry.line(),
          entry.prefix()
              + " itself is asked where the mirror fails: add blocked = true to stop that");
    }
    boolean blocked = registries.find(own.location()).filter(PrefixEntry::blocked).isPresent();
    if (entry.blocked() && !itself && !blocked) {
      find(
          FindingKind.NO_EFFECT,
          own.file(),
          entry.line(),
          "blocked is about names as they are asked for, and "
              + own.location()
              + " is asked: block "
              + own.location()
              + ", or leave it out as location");
    }
    usable(own);
    for (PrefixPlace mirror : entry.mirrors()) {
      usable(mirror);
      registries
          .find(mirror.location())
          .filter(PrefixEntry::blocked)
          .ifPresent(
              blocking ->
                  find(
                      FindingKind.BAD_ENDPOINT,
                      mirror.file(),
                      mirror.line(),
                      "the mirror is never asked, since "
                          + blocking.prefix()
                          + " is blocked ("
                          + blocking.at()
                          + ")"));
    }
  }

  private void usable(PrefixPlace place) {
    if (!place.isUsable()) {
      find(
          FindingKind.BAD_ENDPOINT,
          place.file(),
          place.line(),
          Text.quote(place.location())
              + " makes no valid name, and pulls with it fail: "
              + (place.location().startsWith("[")
                  ? "write a name in place of the IPv6 address"
                  : "leave out the slash at its end"));
    }
  }

  /** Images of Docker Hub whose name without registry leads to another image. */
  private void shortNames(Collection<Reference> images) {
    List<Repository> hub =
        images.stream()
            .map(Reference::repository)
            .filter(image -> image.registry().equals(DockerHub.NAME))
            .distinct()
            .toList();
    for (Repository image : hub) {
      String alias = image.path().replaceFirst("^library/", "");
      LocatedTexts value = registries.aliases().get(alias);
      if (value != null
          && !value.texts().isEmpty()
          && !Reference.parse(value.texts().getFirst()).repository().equals(image)) {
        find(
            FindingKind.SHORT_NAME,
            value.file(),
            value.line(),
            "where a pod names "
                + alias
                + " without registry, "
                + value.texts().getFirst()
                + " is pulled");
      }
    }
    registries
        .search()
        .filter(search -> !hub.isEmpty())
        .filter(
            search -> search.texts().isEmpty() || !search.texts().getFirst().equals(DockerHub.NAME))
        .ifPresent(
            search ->
                find(
                    FindingKind.SHORT_NAME,
                    search.file(),
                    search.line(),
                    search.texts().isEmpty()
                        ? "names without registry are pulled from nowhere: write docker.io/..., or"
                            + " add docker.io"
                        : "names without registry are looked for at "
                            + search.texts().getFirst()
                            + " first, not at docker.io"));
  }

  private void find(FindingKind kind, String file, int line, String text) {
    findings.add(kind, file, line, text);
  }
}
