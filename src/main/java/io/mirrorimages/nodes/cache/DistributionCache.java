package io.mirrorimages.nodes.cache;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/**
 * Distribution, which is {@code registry:2}, {@code registry:3} and Debian's {@code
 * docker-registry}: a pull-through cache in front of the private registry, with the same names.
 */
public final class DistributionCache implements NodeSystem {
  private static final String FILE = "/etc/docker/registry/config.yml";

  @Override
  public String name() {
    return "distribution";
  }

  @Override
  public String title() {
    return "Distribution as a pull-through cache";
  }

  @Override
  public boolean takesIpv6Address() {
    return true;
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    if (setup.skipsVerify() && !setup.plainHttp()) {
      throw new TransferException(
          FailureKind.OPTION,
          "Distribution always verifies the certificate of the registry that it caches: give the"
              + " authority with "
              + Setting.CA_FILE
              + " in place of "
              + Setting.INSECURE_SKIP_VERIFY);
    }
    String mode = setup.username().isPresent() ? NodeFile.PRIVATE : NodeFile.PUBLIC;
    return new NodeConfiguration(
        List.of(new NodeFile(FILE, mode, config(setup))), steps(setup), remarks(setup));
  }

  private static String config(NodeSetup setup) {
    List<String> lines = new ArrayList<>();
    lines.add("version: 0.1");
    lines.add("storage:");
    lines.add("  filesystem:");
    lines.add("    rootdirectory: /var/lib/registry");
    lines.add("  # Without this, content that is past its time can't be removed.");
    lines.add("  delete:");
    lines.add("    enabled: true");
    lines.add("http:");
    lines.add("  addr: \":5000\"");
    lines.add("  # Without a certificate nodes have to ask the cache by http.");
    lines.add(
        "  # tls: {certificate: /etc/docker/registry/tls.crt, key: /etc/docker/registry/tls.key}");
    lines.add("proxy:");
    lines.add("  # An address without a path; projects are part of the image names.");
    lines.add("  remoteurl: " + TextLiteral.quoted(setup.url()));
    if (setup.username().isPresent()) {
      lines.add("  username: " + TextLiteral.quoted(setup.username().get()));
      lines.add("  password: " + TextLiteral.quoted(NodeSetup.PASSWORD));
    }
    lines.add("  # From version 3 on, how long content is kept; 168h in version 2.");
    lines.add("  # ttl: 168h");
    return String.join("\n", lines);
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    steps.add(
        "Put the file below in place; registry:3 reads /etc/distribution/config.yml in its"
            + " container.");
    if (setup.username().isPresent()) {
      steps.add(
          "Replace %s by the password of %s, who should be one that may only pull. Debian's docker-registry runs as a user of its own, who reads the file: `chown docker-registry %s`"
              .formatted(NodeSetup.PASSWORD, setup.username().get(), FILE));
    }
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Let it trust the authority: `SSL_CERT_FILE=%s` in its environment (`systemctl edit docker-registry`, or -e and a mounted file for a container)."
                        .formatted(TextLiteral.word(file))));
    steps.add(
        "Restart: `systemctl restart docker-registry`, or `docker run -d --restart always -p 5000:5000 -v %s:%s -v /var/lib/registry:/var/lib/registry registry:2`"
            .formatted(FILE, FILE));
    steps.add(
        "Check, with an image of the list: `curl -I http://CACHE:5000/v2/%s/manifests/TAG`"
            .formatted(sample(setup)));
    steps.add(
        "Configure the nodes with their own kind and the cache in place of the registry:"
            + " `mirror-images nodes KIND`, with registry "
            + cacheName(setup)
            + " and the same mapping.");
    return steps;
  }

  private static String sample(NodeSetup setup) {
    String project = setup.destination().project();
    return (project.isEmpty() ? "" : project + "/") + "REPOSITORY";
  }

  private static String cacheName(NodeSetup setup) {
    String project = setup.destination().project();
    return "CACHE:5000" + (project.isEmpty() ? "" : "/" + project);
  }

  private static List<String> remarks(NodeSetup setup) {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "One instance caches one registry. It takes no pushes: load goes to " + setup.host() + ".");
    remarks.add(
        "Everyone who reaches the cache pulls what its user may pull. It asks the registry again"
            + " for each tag; if that is away, it serves what it has.");
    setup
        .caFile()
        .ifPresent(
            file ->
                remarks.add(
                    "SSL_CERT_FILE replaces the system's authorities for this process; the"
                        + " configuration itself has no setting for them."));
    return remarks;
  }
}
