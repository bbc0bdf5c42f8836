package io.mirrorimages.nodes;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.naming.NameRule;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Setups for tests: of real lists, under all mappings. */
public final class NodeSetups {
  private NodeSetups() {}

  /** Of a public project without any further setting. */
  public static NodeSetup of(String registry, Mapping mapping, List<String> images) {
    return new NodeSetup(
        Destination.parse(registry).with(mapping),
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        false,
        images.stream().map(Reference::parse).map(Reference::repository).toList());
  }

  /** The same with a layout, for few images. */
  public static NodeSetup of(String registry, Mapping.Layout layout, String... images) {
    return of(registry, new Mapping(layout, List.of()), List.of(images));
  }

  /** The same with a rule that changes names. */
  public static NodeSetup mapped(String registry, String rule, String... images) {
    Mapping mapping = new Mapping(Mapping.Layout.FLAT, List.of(NameRule.parse(rule)));
    return of(registry, mapping, List.of(images));
  }

  /** The same with a user and an authority whose certificates are verified. */
  public static NodeSetup guarded(NodeSetup setup, String username, String caFile) {
    return new NodeSetup(
        setup.destination(),
        setup.plainHttp(),
        Optional.of(caFile),
        false,
        Optional.of(username),
        setup.fallsBack(),
        setup.repositories());
  }

  /** The text of the file at that path. */
  public static String file(NodeConfiguration configuration, String path) {
    return configuration.files().stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow()
        .text();
  }

  /** The same with a certificate authority and a user. */
  public static NodeSetup withLogin(NodeSetup setup, String caFile, String username) {
    return new NodeSetup(
        setup.destination(),
        setup.plainHttp(),
        Optional.of(caFile),
        true,
        Optional.of(username),
        setup.fallsBack(),
        setup.repositories());
  }

  /** The same by http. */
  public static NodeSetup byHttp(NodeSetup setup) {
    return new NodeSetup(
        setup.destination(),
        true,
        setup.caFile(),
        setup.skipsVerify(),
        setup.username(),
        setup.fallsBack(),
        setup.repositories());
  }

  /** The same with the original registries behind the private one. */
  public static NodeSetup withFallback(NodeSetup setup) {
    return new NodeSetup(
        setup.destination(),
        setup.plainHttp(),
        setup.caFile(),
        setup.skipsVerify(),
        setup.username(),
        true,
        setup.repositories());
  }

  /** Each layout with and without a rule. */
  public static List<Mapping> mappings() {
    List<Mapping> mappings = new ArrayList<>();
    for (Mapping.Layout layout : Mapping.Layout.values()) {
      mappings.add(new Mapping(layout, List.of()));
      mappings.add(new Mapping(layout, List.of(NameRule.parse("rancher/(.*)=mirror/$1"))));
    }
    return mappings;
  }

  /** The repositories of the lists that are kept with the sources. */
  public static List<Repository> realRepositories() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("image-lists"))) {
      List<String> lists =
          files.map(Path::toString).filter(name -> name.endsWith(".txt")).sorted().toList();
      return ImageList.read(lists, InputStream.nullInputStream()).references().stream()
          .map(Reference::repository)
          .distinct()
          .toList();
    }
  }
}
