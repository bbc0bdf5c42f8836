package io.mirrorimages.nodes.kubernetes;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/** Talos Linux: patches of the machine configuration, in the form before 1.12 and in that since. */
public final class TalosNodes implements NodeSystem {
  private static final String DOCUMENTS = "talos-registries.yaml";
  private static final String MACHINE = "talos-registries-before-1.12.yaml";

  @Override
  public String name() {
    return "talos";
  }

  @Override
  public String title() {
    return "Talos Linux";
  }

  @Override
  public boolean readsCaFileOnNodes() {
    return false;
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<NodeFile> files =
        List.of(
            new NodeFile(DOCUMENTS, mode(setup), TalosText.documents(setup)),
            new NodeFile(MACHINE, mode(setup), TalosText.machine(setup)));
    return new NodeConfiguration(files, steps(setup), remarks(setup));
  }

  private static String mode(NodeSetup setup) {
    return setup.username().isPresent() ? NodeFile.PRIVATE : NodeFile.PUBLIC;
  }

  private static List<String> steps(NodeSetup setup) {
    List<String> steps = new ArrayList<>();
    steps.add("Take %s from Talos 1.12 on, %s before.".formatted(DOCUMENTS, MACHINE));
    if (setup.username().isPresent()) {
      steps.add(
          "Replace %s by the password of %s."
              .formatted(NodeSetup.PASSWORD, setup.username().get()));
    }
    if (TalosText.wantsCa(setup)) {
      String file = TextLiteral.word(setup.caFile().orElseThrow());
      steps.add(
          "Append the authority's certificate to the file, whose last line waits for it: `pr -t -o 4 %s >> %s` (before 1.12: `base64 %s | pr -t -o 12 >> %s`)"
              .formatted(file, DOCUMENTS, file, MACHINE));
    }
    steps.add(
        "Give it to new machines: `talosctl gen config NAME https://ENDPOINT:6443 --config-patch @%s`"
            .formatted(DOCUMENTS));
    steps.add(
        "Or patch those that run, which needs no restart: `talosctl patch machineconfig --nodes NODE --patch @%s`"
            .formatted(DOCUMENTS));
    steps.add(
        "Check, with an image of the list: `talosctl image pull --nodes NODE --namespace cri %s`"
            .formatted(setup.example()));
    return steps;
  }

  private static List<String> remarks(NodeSetup setup) {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "overridePath: without it /v2 is appended to the endpoint's path, and a project's address"
            + " is not found.");
    if (!setup.fallsBack()) {
      remarks.add(
          "skipFallback keeps nodes from asking the original registry. It is known from 1.9 on:"
              + " leave it out before.");
    }
    remarks.add(
        "Talos' own images come from ghcr.io/siderolabs and registry.k8s.io, also the installer:"
            + " have them in the list (`talosctl image default` prints them).");
    remarks.add(
        "talosctl's --registry-mirror knows neither paths nor certificates nor logins: use the"
            + " files.");
    if (setup.caFile().isPresent()) {
      remarks.add("The certificate is part of the configuration; no file is read on the node.");
    }
    if (setup.plainHttp()) {
      remarks.add(
          "An endpoint with http takes no TLS settings: with them Talos pulls nothing from it.");
    }
    return remarks;
  }
}
