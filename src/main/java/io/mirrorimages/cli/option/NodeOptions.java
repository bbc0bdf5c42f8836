package io.mirrorimages.cli.option;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.nodes.NodeSetup;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say from where nodes pull, and how they reach it. */
public final class NodeOptions {
  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      description = "Certificate authority of the registry: its path on the nodes.")
  private String caFile;

  @Option(names = "--insecure-skip-verify", description = "Nodes accept any certificate.")
  private boolean skipsVerify;

  @Option(names = "--plain-http", description = "Nodes use http.")
  private boolean plainHttp;

  /**
   * What the options say.
   *
   * @param username who pulls
   * @param fallsBack whether nodes may ask the original registries
   * @throws TransferException if the registry's name is wrong
   */
  public NodeSetup setup(Optional<String> username, boolean fallsBack)
      throws IOException, ImageListException {
    // First, since http:// before the registry is the option for http.
    Destination destination = registry.destination();
    List<Repository> repositories =
        lists.isGiven() ? lists.read().stream().map(Reference::repository).toList() : List.of();
    return new NodeSetup(
        destination,
        plainHttp,
        Optional.ofNullable(caFile),
        skipsVerify,
        username,
        fallsBack,
        repositories);
  }
}
