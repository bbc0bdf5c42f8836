package io.mirrorimages.nodes;

import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.naming.NameRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Setups of nodes as tests need them: private registries with and without what may be given. */
public final class Setups {
  private Setups() {}

  /** A registry by https that anyone may pull from, and nothing else. */
  public static NodeSetup of(String destination, Mapping.Layout layout, String... images) {
    return of(destination, new Mapping(layout, List.of()), images);
  }

  /** The same with rules that change names. */
  public static NodeSetup mapped(String destination, String rule, String... images) {
    return of(destination, new Mapping(Mapping.Layout.FLAT, List.of(NameRule.parse(rule))), images);
  }

  private static NodeSetup of(String destination, Mapping mapping, String... images) {
    List<Repository> repositories =
        Stream.of(images).map(Reference::parse).map(Reference::repository).toList();
    return new NodeSetup(
        Destination.parse(destination).with(mapping),
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        false,
        repositories);
  }

  /** The same by http. */
  public static NodeSetup overHttp(NodeSetup setup) {
    return new NodeSetup(
        setup.destination(),
        true,
        setup.caFile(),
        setup.skipsVerify(),
        setup.username(),
        setup.fallsBack(),
        setup.repositories());
  }

  /** The same where the original registries may be asked. */
  public static NodeSetup fallingBack(NodeSetup setup) {
    return new NodeSetup(
        setup.destination(),
        setup.plainHttp(),
        setup.caFile(),
        setup.skipsVerify(),
        setup.username(),
        true,
        setup.repositories());
  }

  /** The same with a user, and an authority of its own. */
  public static NodeSetup guarded(NodeSetup setup, String user, String caFile) {
    return new NodeSetup(
        setup.destination(),
        setup.plainHttp(),
        Optional.of(caFile),
        setup.skipsVerify(),
        Optional.of(user),
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
}
