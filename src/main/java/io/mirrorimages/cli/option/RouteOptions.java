package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.registry.endpoint.Resolve;
import io.mirrorimages.registry.endpoint.Routing;
import io.mirrorimages.route.Finding;
import io.mirrorimages.route.MirrorRule;
import io.mirrorimages.route.RegistriesFile;
import io.mirrorimages.route.Routes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options that say where images are fetched from, if not from their registries. */
public final class RouteOptions {
  @Option(
      names = "--registries",
      paramLabel = "FILE",
      description =
          "Fetch images as a K3s or RKE2 node with this registries.yaml would: mirrors, rewrites,"
              + " credentials, certificates.")
  private Path registries;

  @Option(
      names = "--mirror",
      paramLabel = "REGISTRY=URL",
      description =
          "Fetch the images of a registry from here first, as in"
              + " docker.io=https://proxy.example.com; * is every other registry. Can be repeated:"
              + " in this order.")
  private List<String> mirrors = new ArrayList<>();

  @Option(
      names = "--disable-default-endpoint",
      description = "Do not ask a registry itself if it has mirrors.")
  private boolean disableDefault;

  @Option(
      names = "--resolve",
      paramLabel = "origin|mirror|newest",
      defaultValue = "origin",
      description =
          "Who says which image a tag names, if there are mirrors: origin, mirror or newest"
              + " (default: ${DEFAULT-VALUE}).")
  private Resolve resolve;

  @Option(
      names = "--strict",
      description = "Refuse a registries.yaml with anything in it that K3s ignores.")
  private boolean strict;

  /**
   * The routes for the images called {@code names}. What is odd about them is reported to {@code
   * listener}.
   *
   * @throws UsageException if something is, and {@code --strict} is given
   * @throws io.mirrorimages.image.InvalidContentException if a mirror or the file can't be read
   */
  public Routing routing(List<Reference> names, RunListener listener) {
    if (registries == null && mirrors.isEmpty()) {
      return Routing.DIRECT;
    }
    List<MirrorRule> rules = mirrors.stream().map(MirrorRule::parse).toList();
    hintAtUnused(rules, names, listener);
    Optional<RegistriesFile> file = Optional.ofNullable(registries).map(RegistriesFile::read);
    Routes routes = Routes.of(rules, file, disableDefault);
    List<Finding> findings = new ArrayList<>(routes.findings());
    findings.addAll(routes.findings(names.stream().map(Reference::repository).distinct().toList()));
    String kind = strict ? "" : "warning: ";
    findings.forEach(finding -> listener.on(new RunEvent.Hint(kind + finding)));
    if (strict && !findings.isEmpty()) {
      throw new UsageException(
          registries + " has an effect that its text hides: mend it, or leave out --strict");
    }
    return new Routing(routes, SideOptions.keptCredentials(), resolve, listener);
  }

  /** A misspelt registry would be known by its images not coming from the mirror only. */
  private static void hintAtUnused(
      List<MirrorRule> rules, List<Reference> names, RunListener listener) {
    Set<String> registries =
        names.stream().map(name -> name.repository().registry()).collect(Collectors.toSet());
    rules.stream()
        .map(MirrorRule::registry)
        .filter(registry -> !registry.equals("*") && !registries.contains(registry))
        .distinct()
        .forEach(
            registry ->
                listener.on(
                    new RunEvent.Hint(
                        "--mirror "
                            + registry
                            + "=... is not used: no image is of "
                            + registry
                            + ", they are of "
                            + String.join(", ", new TreeSet<>(registries)))));
  }
}
