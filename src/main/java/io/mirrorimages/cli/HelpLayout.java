package io.mirrorimages.cli;

import io.mirrorimages.cli.process.TerminalWidth;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command: what has to be given, its options in groups, and two examples. */
final class HelpLayout {
  /** Its columns need so much. */
  private static final int NARROWEST = 60;

  private HelpLayout() {}

  /** The names of the options that have a group other than the advanced. */
  static List<String> grouped() {
    return Stream.of(HelpSection.values())
        .flatMap(group -> Stream.of(group.options.strip().split(" ")))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /**
   * What an option is about; those that no other group names are advanced. One table, since a group
   * has options of several mixins, in the order in which they are read here. The options of one
   * side are where those of the only side are.
   */
  private enum HelpSection {
    WHAT(
        "What",
        "--list --archive --name --digests --sizes --platform --join-platforms --json --deep"
            + " --dry-run --tree --sort --for --preload --offline"),
    FROM(
        "Where from",
        "--mirror --registries --segments --disable-default-endpoint --certs-d --containerd-config"
            + " --registries-conf --daemon-json --docker-certs-d --auth-file"
            + " --system-default-registry --embedded-registry --node-version"),
    TO(
        "Where to",
        "--output --registry --volume-size --base --overwrite --mapping --map --create-projects"
            + " --project-quota --no-replace --listen --tls-cert --tls-key --htpasswd --carry-sheet"
            + " --stick-size"),
    PACE(
        "Pace",
        "--jobs --max-rate --limit --deadline --patience --retries --retry-max-wait"
            + " --stall-timeout --chunk-size"),
    OUTPUT(
        "Output",
        "--quiet --verbose --progress --color --report --failed --metrics --log-format --log-file"
            + " --debug --all"),
    LOGIN(
        "Login and certificates",
        "--username --password-stdin --ca-file --cert-file --key-file --plain-http"),
    ADVANCED("Advanced", ""),
    HELP("Help", "--help --version");

    private final String title;

    /** Their names, each between blanks. */
    private final String options;

    HelpSection(String title, String options) {
      this.title = title;
      this.options = " " + options + " ";
    }

    static HelpSection of(OptionSpec option) {
      return Stream.of(values())
          .filter(
              group ->
                  Stream.of(option.names())
                      .map(name -> name.replaceFirst("^--(source|target)-", "--"))
                      .anyMatch(name -> group.options.contains(" " + name + " ")))
          .findFirst()
          .orElse(ADVANCED);
    }
  }

  /** What a command needs, and examples. */
  private record HelpPage(String needs, List<String> examples) {}

  private static final Map<String, HelpPage> PAGES =
      Map.ofEntries(
          page(
              "save",
              "--list FILE... --output FILE [OPTIONS]",
              "--list rancher-images.txt --output rancher.tar",
              "-l rke2.txt -l k3s.txt -o nodes.tar --platform linux/amd64"),
          page(
              "load",
              "ARCHIVE... --registry HOST[/PROJECT] [OPTIONS]",
              "rancher.tar --registry harbor.example.com",
              "'rancher-*.tar' -r harbor.example.com/mirror --dry-run"),
          page(
              "sync",
              "--list FILE... --registry HOST[/PROJECT] [OPTIONS]",
              "--list rancher-images.txt --registry harbor.example.com",
              "-l images.txt -r harbor.example.com --max-rate 20MB/s"),
          page(
              "plan",
              "save|load|sync [OPTIONS]",
              "save --list rancher-images.txt --output rancher.tar",
              "load rancher.tar --registry harbor.example.com"),
          page(
              "plan save",
              "--list FILE... --output FILE [OPTIONS]",
              "-l rancher-images.txt -o rancher.tar --max-rate 5MB/s",
              "-l rke2.txt -o nodes.tar --volume-size fat32"),
          page(
              "plan load",
              "ARCHIVE... --registry HOST[/PROJECT] [OPTIONS]",
              "rancher.tar --registry harbor.example.com",
              "'rancher-*.tar' -r harbor.example.com/mirror"),
          page(
              "plan sync",
              "--list FILE... --registry HOST[/PATH] [OPTIONS]",
              "-l rancher-images.txt -r harbor.example.com",
              "-l images.txt -r harbor.example.com --max-rate 20MB/s"),
          page(
              "verify",
              "[ARCHIVE...] [--list FILE --registry HOST] [OPTIONS]",
              "rancher.tar",
              "--list rancher-images.txt --registry harbor.example.com"),
          page(
              "doctor",
              "[ARCHIVE...] --registry HOST[/PROJECT] [OPTIONS]",
              "--registry harbor.example.com",
              "rancher.tar --registry harbor.example.com"),
          page(
              "serve",
              "ARCHIVE... [OPTIONS]",
              "rancher.tar",
              "'rancher-*.tar' --listen 0.0.0.0:5000 --htpasswd users"),
          page("inspect", "ARCHIVE... [OPTIONS]", "rancher.tar", "rancher.tar --json"),
          page(
              "list",
              "ARCHIVE|LIST... [OPTIONS]",
              "rancher.tar",
              "rancher-images.txt rke2-images.txt --json"),
          page("diff", "OLD NEW [OPTIONS]", "rancher-old.tar rancher.tar", "old.txt new.txt"),
          page(
              "convert",
              "ARCHIVE... --to FILE|oci:DIR [OPTIONS]",
              "docker-save.tar --to rancher.tar",
              "--from rke2.tar.zst --from k3s.tar --to nodes.tar"),
          page("inventory", "ARCHIVE", "rancher.tar", "rancher-0001.tar"),
          page("sample", "--output FILE", "--output sample.tar", "-o /tmp/rehearsal.tar"),
          page(
              "limits",
              "[OPTIONS]",
              "",
              "--limit registry.example.com:requests=20/m,concurrency=4"),
          page(
              "check",
              "--registries FILE [IMAGE...] [OPTIONS]",
              "--registries registries.yaml --list images.txt",
              "--registries registries.yaml -a rancher.tar --json"),
          page(
              "nodes",
              "KIND --registry HOST[/PROJECT] [OPTIONS]",
              "k3s --registry harbor.example.com",
              "rke2 -r harbor.lan --mapping rancher -l images.txt"),
          page(
              "registries-yaml",
              "--registry HOST[/PROJECT] [OPTIONS]",
              "--registry harbor.example.com",
              "-r harbor.lan --mapping rancher -l images.txt"));

  private static Map.Entry<String, HelpPage> page(
      String command, String needs, String... examples) {
    return Map.entry(command, new HelpPage(needs, List.of(examples)));
  }

  /**
   * Lays out the help of the commands of {@code tool} for whoever watches: as wide as a terminal.
   */
  static void fit(CommandLine tool) {
    TerminalWidth.find().ifPresent(columns -> tool.setUsageHelpWidth(Math.max(NARROWEST, columns)));
    apply(tool);
  }

  /** Lays out the help of the commands below {@code parent}. */
  static void apply(CommandLine parent) {
    parent.getSubcommands().values().forEach(HelpLayout::layOut);
  }

  private static void layOut(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    String name = command.getCommandSpec().qualifiedName() + " ";
    HelpPage page = PAGES.get(name.substring(name.indexOf(' ') + 1).stripTrailing());
    if (page != null) {
      usage.customSynopsis(name + page.needs);
      usage.footerHeading("%nExamples:%n");
      usage.footer(
          page.examples.stream()
              .map(one -> ("  " + name + one).stripTrailing())
              .toArray(String[]::new));
    }
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
    apply(command);
  }

  private static String options(Help help) {
    StringBuilder text = new StringBuilder();
    for (HelpSection group : HelpSection.values()) {
      List<OptionSpec> options =
          help.commandSpec().options().stream()
              .filter(option -> !option.hidden() && HelpSection.of(option) == group)
              .toList();
      if (!options.isEmpty()) {
        Help.Layout layout = help.createDefaultLayout();
        layout.addOptions(options, help.parameterLabelRenderer());
        text.append(String.format("%n%s:%n", group.title)).append(layout);
      }
    }
    return text.toString();
  }
}
