package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.list.ImageListException;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.route.Loopback;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that say from where nodes pull, and how they reach it. */
public final class NodeOptions {
  private static final Pattern PORT = Pattern.compile(":[0-9]+$");
  private static final Pattern NO_PORT = Pattern.compile(":0+$");

  /** Text that can neither break a line nor steer a terminal. */
  private static final Pattern ONE_LINE = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}]+");

  private static final String REGISTRY =
      "The registry that nodes pull from, and the project in it if all images were loaded into"
          + " one.";

  @Mixin private ListOption lists;
  @Mixin private RegistryOption registry;

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      description = "Certificate authority of the registry: its path on the nodes, from the root.")
  private String caFile;

  @Option(names = "--insecure-skip-verify", description = "Nodes accept any certificate.")
  private boolean skipsVerify;

  @Option(names = "--plain-http", description = "Nodes use http.")
  private boolean plainHttp;

  /** Describes the options of a command that has these as nodes see them. */
  public static void describe(CommandSpec spec) {
    RegistryOption.describeForRegistries(spec, REGISTRY);
  }

  /**
   * What the options say.
   *
   * @param username who pulls
   * @param fallsBack whether nodes may ask the original registries
   * @throws TransferException if the registry's name is wrong
   */
  public NodeSetup setup(Optional<String> username, boolean fallsBack)
      throws IOException, ImageListException {
    Optional<ImageLocation.OciLayout> layout = registry.folder();
    if (layout.isPresent()) {
      throw new UsageException(
          "nodes pull from a registry, and not from %s: name HOST[/PROJECT]"
              .formatted(layout.get()));
    }
    // First, since http:// before the registry is the option for http.
    Destination destination = registry.destination();
    if (plainHttp && registry.isOverHttps()) {
      throw new UsageException("--plain-http contradicts https:// in --registry: leave out one");
    }
    check(destination, username);
    List<Reference> images = lists.isGiven() ? lists.read() : List.of();
    // Refuses what load refuses, as one name for two images.
    RegistryOption.requests(destination, images);
    return new NodeSetup(
        destination,
        plainHttp || isHttpByDefault(),
        Optional.ofNullable(caFile),
        skipsVerify,
        username,
        fallsBack,
        images.stream().map(Reference::repository).toList());
  }

  /**
   * Whether nodes use http though no option says so: as for {@code load}, that is meant by a port
   * of this machine itself.
   */
  public boolean isHttpByDefault() {
    String host = registry.destination().registry();
    String name = PORT.matcher(host).replaceFirst("");
    return !plainHttp
        && caFile == null
        && !skipsVerify
        && !registry.isOverHttps()
        && !name.equals(host)
        && !host.endsWith(":443")
        && Loopback.covers(name);
  }

  private void check(Destination destination, Optional<String> username) {
    if (NO_PORT.matcher(destination.registry()).find()) {
      throw new UsageException("--registry " + destination + ": not a port");
    }
    if (caFile != null && !ONE_LINE.matcher(caFile).matches()) {
      throw new UsageException(
          "--ca-file is not the path of a file: " + Text.quote(caFile) + ": name one, or none");
    }
    username.ifPresent(
        name -> {
          if (name.isEmpty()) {
            throw new UsageException("--username is empty: name who pulls, or leave it out");
          }
          UserName.check("--username", name, ": the password is put into the files by hand");
        });
  }
}
