package io.mirrorimages.nodes.rancher;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Repository;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSetups;
import io.mirrorimages.route.RegistriesFile;
import io.mirrorimages.route.Route;
import io.mirrorimages.route.Routes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file leads to, as K3s reads it, is what load calls the images. */
class RegistriesYamlTextTest {
  @TempDir private Path folder;

  static List<Mapping> mappings() {
    return NodeSetups.mappings();
  }

  @ParameterizedTest
  @MethodSource("mappings")
  void eachImageOfRealListsIsWhereTheFileLeads(Mapping mapping) throws Exception {
    List<Repository> repositories = NodeSetups.realRepositories();
    assertThat(repositories).hasSizeGreaterThan(200);
    for (String registry : List.of("h.io", "h.io:8443/proj/sub")) {
      NodeSetup setup =
          NodeSetups.of(
              registry, mapping, repositories.stream().map(Repository::toString).toList());

      Routes routes = read(RegistriesYamlText.of(setup));

      assertThat(routes.findings(repositories)).isEmpty();
      for (Repository repository : repositories) {
        List<Route> hops = routes.hops(repository);
        assertThat(hops).as(repository.toString()).hasSize(1);
        assertThat(hops.getFirst().refusal()).isEmpty();
        assertThat(hops.getFirst().endpoint()).hasToString("https://" + setup.host());
        assertThat(hops.getFirst().path()).isEqualTo(setup.destination().path(repository));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h.io", "h.io/proj", "h.io:8443/proj"})
  void imagesThatAreCalledByTheRegistryAreFoundToo(String registry) throws Exception {
    NodeSetup setup = NodeSetups.byHttp(NodeSetups.of(registry, Mapping.FLAT, List.of()));

    Routes routes = read(RegistriesYamlText.of(setup));

    Route own = routes.hops(new Repository(setup.host(), "proj/rancher/shell")).getFirst();
    assertThat(own.path()).isEqualTo("proj/rancher/shell");
    assertThat(own.endpoint().scheme()).isEqualTo("http");
    Route other = routes.hops(new Repository("quay.io", "a/b")).getFirst();
    assertThat(other.path()).isEqualTo(setup.destination().path(new Repository("quay.io", "a/b")));
  }

  @Test
  void settingsOfTheRegistryAreReadAsTheyAreMeant() throws Exception {
    Path authority = Files.writeString(folder.resolve("c \"a\".pem"), "");
    NodeSetup setup =
        NodeSetups.withLogin(
            NodeSetups.of("h.io:8443", Mapping.FLAT, List.of()), authority.toString(), "robot$p");

    Route route = read(RegistriesYamlText.of(setup)).hops(new Repository("a.io", "b/c")).getFirst();

    assertThat(route.endpoint().credential().orElseThrow().username()).isEqualTo("robot$p");
    assertThat(route.endpoint().tls().orElseThrow().toString()).contains(authority.toString());
  }

  /** As K3s would: there is nothing odd in it. */
  private Routes read(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("registries.yaml"), yaml);
    Routes routes = Routes.of(List.of(), Optional.of(RegistriesFile.read(file)), true);
    assertThat(routes.findings()).isEmpty();
    return routes;
  }
}
