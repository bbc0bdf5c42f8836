package io.mirrorimages.nodes.cache;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Json;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** zot, which fetches from the private registry what it is asked for, with the same names. */
public final class ZotCache implements NodeSystem {
  private static final String FILE = "/etc/zot/config.json";
  private static final String CREDENTIALS = "/etc/zot/sync-credentials.json";
  private static final String CERTIFICATES = "/etc/zot/sync-certificates";

  @Override
  public String name() {
    return "zot";
  }

  @Override
  public String title() {
    return "zot as a cache";
  }

  @Override
  public boolean takesIpv6Address() {
    return true;
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<NodeFile> files = new ArrayList<>();
    files.add(new NodeFile(FILE, NodeFile.PUBLIC, json(config(setup))));
    if (setup.username().isPresent()) {
      Map<String, Object> login = new LinkedHashMap<>();
      login.put("username", setup.username().get());
      login.put("password", NodeSetup.PASSWORD);
      files.add(new NodeFile(CREDENTIALS, NodeFile.PRIVATE, json(Map.of(setup.host(), login))));
    }
    return new NodeConfiguration(files, steps(setup), remarks(setup));
  }

  private static Map<String, Object> config(NodeSetup setup) {
    Map<String, Object> sync = new LinkedHashMap<>();
    sync.put("enable", true);
    if (setup.username().isPresent()) {
      sync.put("credentialsFile", CREDENTIALS);
    }
    sync.put("registries", List.of(registry(setup)));
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("address", "0.0.0.0");
    http.put("port", "5000");
    http.put("compat", List.of("docker2s2"));
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("distSpecVersion", "1.1.1");
    config.put("storage", Map.of("rootDirectory", "/var/lib/zot"));
    config.put("http", http);
    config.put("log", Map.of("level", "info"));
    config.put("extensions", Map.of("sync", sync));
    return config;
  }

  private static Map<String, Object> registry(NodeSetup setup) {
    String project = setup.destination().project();
    Map<String, Object> registry = new LinkedHashMap<>();
    registry.put("urls", List.of(setup.url()));
    registry.put("onDemand", true);
    registry.put("tlsVerify", !setup.skipsVerify());
    if (setup.caFile().isPresent()) {
      registry.put("certDir", CERTIFICATES);
    }
    registry.put("maxRetries", 3);
    registry.put("retryDelay", "10s");
    registry.put("preserveDigest", true);
    registry.put("content", List.of(Map.of("prefix", project.isEmpty() ? "**" : project + "/**")));
    return registry;
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    steps.add(
        "Put the files below in place; the full zot image is needed, zot-minimal has no sync.");
    if (setup.username().isPresent()) {
      steps.add(
          "Replace %s in %s by the password of %s, who should be one that may only pull; zot's user reads the file: `chown zot %s`"
              .formatted(NodeSetup.PASSWORD, CREDENTIALS, setup.username().get(), CREDENTIALS));
    }
    setup
        .caFile()
        .ifPresent(
            file ->
                steps.add(
                    "Put the authority's certificate where zot looks for it: `install -D -m 0644 %s %s/ca.crt`"
                        .formatted(TextLiteral.word(file), CERTIFICATES)));
    steps.add("Check the file: `zot verify " + FILE + "`");
    steps.add("Restart: `systemctl restart zot`");
    String project = setup.destination().project();
    steps.add(
        "Check, with an image of the list: `curl -I http://CACHE:5000/v2/%sREPOSITORY/manifests/TAG`"
            .formatted(project.isEmpty() ? "" : project + "/"));
    steps.add(
        "Configure the nodes with their own kind and the cache in place of the registry:"
            + " `mirror-images nodes KIND`, with registry CACHE:5000"
            + (project.isEmpty() ? "" : "/" + project)
            + " and the same mapping.");
    return steps;
  }

  private static List<String> remarks(NodeSetup setup) {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "preserveDigest keeps manifests as they are; it needs http.compat. Without both, zot turns"
            + " Docker's manifests into OCI's, whose digests differ from those in charts and"
            + " lists.");
    remarks.add(
        "onDemand fetches an image when it is first asked for. pollInterval, for example 6h,"
            + " fetches all that content names, without being asked.");
    remarks.add("Several urls of a registry are alternatives with the same content, not sources.");
    remarks.add("maxRetries needs retryDelay: zot does not start with one of them alone.");
    remarks.add("Without http.tls nodes have to ask the cache by http.");
    if (setup.plainHttp()) {
      remarks.add("With http in urls, tlsVerify has no effect.");
    }
    return remarks;
  }

  private static String json(Object value) {
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }
}
