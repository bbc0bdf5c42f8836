package io.mirrorimages.cli.option;

import io.mirrorimages.cli.option.value.MapRule;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Text;
import io.mirrorimages.location.ImageLocation;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.mirror.event.RunListener;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.naming.NameRule;
import io.mirrorimages.registry.rules.KnownRegistries;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option that names the target registry. */
public final class RegistryOption {
  private static final String NAME = "--registry";
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final String PLAIN = "--plain-http";
  private static final String OF_TARGET = "--target-plain-http";

  @Option(
      names = {"-r", NAME},
      paramLabel = "HOST[/PROJECT]|oci:DIR",
      description =
          "The registry the images go to, and the project in it if all go into one. Or oci:DIR, a"
              + " folder that is an OCI image layout.")
  private String registry;

  /** The command that has this option; null if it is parsed alone. */
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--mapping",
      paramLabel = "flat|rancher|by-registry",
      defaultValue = "flat",
      description =
          "Names at the target: flat drops the registry an image comes from (HOST/rancher/shell,"
              + " HOST/library/busybox), rancher does so with Docker Hub only, and puts busybox"
              + " where Rancher's system-default-registry looks (HOST/rancher/busybox),"
              + " by-registry keeps it as the first part (HOST/docker.io/rancher/shell). Default:"
              + " ${DEFAULT-VALUE}.")
  private Mapping.Layout layout;

  @Option(
      names = "--map",
      paramLabel = "REGEX=REPLACEMENT",
      converter = MapRule.class,
      description =
          "Changes names that --mapping made, without registry and project, as rewrite of"
              + " registries.yaml does: '^rancher/(.*)=mirror/$1'. Can be repeated; the first"
              + " that changes a name applies.")
  private List<NameRule> rules = new ArrayList<>();

  /**
   * For the help of commands that take no folder.
   *
   * @param description what the registry is to the command
   */
  public static void describeForRegistries(CommandSpec spec, String description) {
    OptionSpec option = Objects.requireNonNull(spec.findOption(NAME));
    spec.remove(option);
    spec.addOption(
        OptionSpec.builder(option).paramLabel("HOST[/PROJECT]").description(description).build());
  }

  public boolean isGiven() {
    return registry != null;
  }

  /** The folder that is named in place of a registry; empty if none is. */
  public Optional<ImageLocation.OciLayout> folder() {
    if (registry == null || !(location() instanceof ImageLocation.OciLayout folder)) {
      return Optional.empty();
    }
    if (layout != Mapping.Layout.FLAT || !rules.isEmpty()) {
      throw new UsageException(
          "--mapping and --map do not go with " + folder + ": images keep their names there");
    }
    return Optional.of(folder);
  }

  private ImageLocation location() {
    try {
      return ImageLocation.parse(registry);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--registry: " + e.getMessage());
    }
  }

  /** The place that the options name; {@link UsageException} where one of them is wrong. */
  public Destination destination() {
    if (registry == null) {
      throw new UsageException("no target: add --registry HOST[/PROJECT]");
    }
    if (location() instanceof ImageLocation.OciLayout folder) {
      throw new UsageException(
          "--registry takes HOST[/PROJECT] here, not a folder: verify --archive "
              + folder
              + " checks a folder, and load or sync with --dry-run shows what would be put into"
              + " it");
    }
    return place().with(new Mapping(layout, rules));
  }

  /**
   * As {@link #destination()}; reports to {@code hints} that {@code http://} before the registry is
   * taken as {@code --plain-http}.
   */
  public Destination destination(RunListener hints) {
    Destination destination = destination();
    if (isOverHttp()) {
      hints.on(
          new RunEvent.Hint(
              "http:// before the registry: it is asked without TLS, as with "
                  + ofTarget("plain-http")));
    }
    return destination;
  }

  private boolean isOverHttp() {
    return registry.regionMatches(true, 0, HTTP, 0, HTTP.length());
  }

  /** Whether {@code https://} stands before the registry. */
  boolean isOverHttps() {
    return registry.regionMatches(true, 0, HTTPS, 0, HTTPS.length());
  }

  /** An option for the target's side, as this command calls it. */
  private String ofTarget(String name) {
    return command != null && command.findOption("--" + name) == null
        ? "--target-" + name
        : "--" + name;
  }

  private void useHttp() {
    OptionSpec option =
        command == null
            ? null
            : command.optionsMap().getOrDefault(OF_TARGET, command.findOption(PLAIN));
    if (option != null && option.isMultiValue() && option.getValue() == null) {
      option.setValue(new String[] {PerHost.ANY});
    } else if (option != null && !option.isMultiValue()) {
      option.setValue(true);
    }
  }

  private Destination place() {
    if (isOverHttp()) {
      useHttp();
    }
    if (registry.contains("@")) {
      throw new UsageException(
          "--registry takes a host without a user: use docker login, or "
              + ofTarget("username")
              + " with "
              + ofTarget("password-stdin"));
    }
    // No host ends so: its last label would be a top-level domain.
    if (registry.matches("(?i).+\\.(?:json|ya?ml|txt|pem|crt)") && new File(registry).isFile()) {
      throw new UsageException(
          "--registry " + Text.plain(registry) + " is a file, not a registry: give HOST[/PROJECT]");
    }
    try {
      return Destination.parse(registry.replaceFirst("^(?i:https?)://", ""));
    } catch (InvalidContentException e) {
      throw new UsageException(
          "--registry "
              + Text.plain(registry)
              + (new File(registry).isFile()
                  ? " is a file, not a registry: give it as --archive"
                  : ": " + e.getMessage()));
    }
  }

  /**
   * The requests for these images; prints what to know about their names.
   *
   * @throws TransferException as below
   */
  public static List<ImageRequest> requests(
      Destination destination, List<Reference> sources, RunListener hints)
      throws TransferException {
    hint(destination.mapping().shortNames(sources))
        .ifPresent(hint -> hints.on(new RunEvent.Hint(hint)));
    return requests(destination, sources);
  }

  /**
   * The requests for these images.
   *
   * @throws TransferException if the mapping makes no valid name of one, or one name of two
   * @throws InvalidContentException if the registry is known to refuse one of their names
   */
  public static List<ImageRequest> requests(Destination destination, List<Reference> sources)
      throws TransferException {
    List<ImageRequest> requests = destination.requests(sources);
    KnownRegistries.standard()
        .of(destination.registry())
        .checkNames(requests.stream().map(ImageRequest::target).toList());
    return requests;
  }

  private static Optional<String> hint(List<String> shortNames) {
    return shortNames.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s%s: to be found at library/%s, as by nodes with a registries.yaml; Rancher's system-default-registry looks for rancher/%s: --mapping rancher puts it there"
                .formatted(
                    shortNames.getFirst(),
                    shortNames.size() == 1
                        ? ""
                        : " and " + (shortNames.size() - 1) + " more short names",
                    shortNames.getFirst(),
                    shortNames.getFirst()));
  }
}
