package io.mirrorimages.route;

import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.image.Text;
import io.mirrorimages.route.RegistriesFile.Rewrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the images of each registry are fetched from, in order: the mirrors of the command line,
 * those of a {@code registries.yaml}, and the registry itself. A name never changes by it: requests
 * go to no other host. Immutable and thread-safe.
 */
public final class Routes {
  private final List<MirrorRule> rules;
  private final HostTable table;
  private final boolean disableDefault;

  private Routes(List<MirrorRule> rules, HostTable table, boolean disableDefault) {
    this.rules = List.copyOf(rules);
    this.table = table;
    this.disableDefault = disableDefault;
  }

  /** Every registry is asked itself. */
  public static Routes direct() {
    return of(List.of(), Optional.empty(), false);
  }

  /**
   * The routes of the command line and a file.
   *
   * @param disableDefault whether a registry that has mirrors is not asked itself
   */
  public static Routes of(
      List<MirrorRule> rules, Optional<RegistriesFile> file, boolean disableDefault) {
    return new Routes(rules, HostTable.of(file, disableDefault), disableDefault);
  }

  /** What is odd about the file. */
  public List<Finding> findings() {
    return table.findings();
  }

  /** What is odd about the file's rewrites of these very repositories. */
  public List<Finding> findings(Collection<Repository> repositories) {
    Set<Finding> found = new LinkedHashSet<>();
    for (Repository repository : repositories) {
      HostTable.Host host = table.host(repository.registry());
      Set<String> results = new TreeSet<>();
      for (Rewrite rewrite : host.rewrites()) {
        String result = rewrite.compiled().replaceAll(repository.path(), rewrite.replacement());
        if (!result.equals(repository.path()) && results.add(result) && results.size() == 2) {
          found.add(
              table.finding(
                  rewrite.line(),
                  "two rewrites fit "
                      + repository
                      + ", and K3s takes one of them by chance: "
                      + String.join(" or ", results)));
        }
      }
    }
    return List.copyOf(found);
  }

  /** Whether there is anything but the registries themselves. */
  public boolean isDirect() {
    return rules.isEmpty() && table.isEmpty();
  }

  /** The places to fetch a repository from, the first one first; at least one. */
  public List<Route> hops(Repository repository) {
    String registry = repository.registry();
    List<Route> hops = new ArrayList<>();
    for (Endpoint endpoint : given(registry)) {
      hops.add(new Route(endpoint, repository.path(), Optional.empty()));
    }
    HostTable.Host host = table.host(registry);
    for (Endpoint endpoint : host.endpoints()) {
      hops.add(rewritten(endpoint, repository.path(), host.rewrites()));
    }
    boolean only = disableDefault && !given(registry).isEmpty() && host.endpoints().isEmpty();
    host.origin()
        .filter(origin -> !only)
        .ifPresent(origin -> hops.add(new Route(origin, repository.path(), Optional.empty())));
    return List.copyOf(hops);
  }

  private List<Endpoint> given(String registry) {
    boolean own = rules.stream().anyMatch(rule -> rule.registry().equals(registry));
    return rules.stream()
        .filter(rule -> rule.registry().equals(own ? registry : "*"))
        .map(MirrorRule::endpoint)
        .distinct()
        .toList();
  }

  /** The first rewrite that changes anything is the one; the result is not rewritten again. */
  private static Route rewritten(Endpoint endpoint, String path, List<Rewrite> rewrites) {
    for (Rewrite rewrite : rewrites) {
      String result = rewrite.compiled().replaceAll(path, rewrite.replacement());
      if (!result.equals(path)) {
        String clean = EndpointAddress.clean(result).substring(1);
        try {
          return new Route(endpoint, Reference.checkPath(clean), Optional.empty());
        } catch (InvalidContentException e) {
          return new Route(
              endpoint,
              path,
              Optional.of(
                  "its rewrite makes "
                      + Text.quote(result)
                      + " of "
                      + path
                      + ", which is no repository's name"));
        }
      }
    }
    return new Route(endpoint, path, Optional.empty());
  }
}
