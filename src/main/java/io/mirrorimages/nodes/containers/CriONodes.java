package io.mirrorimages.nodes.containers;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.nodes.NodeConfiguration;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.NodeSystem;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;

/** CRI-O, below the kubelet. */
public final class CriONodes implements NodeSystem {
  private static final String AUTH = "/etc/crio/mirror-images-auth.json";
  private static final String PLACEHOLDER = "REPLACE-WITH-BASE64-OF-NAME-COLON-PASSWORD";

  @Override
  public String name() {
    return "crio";
  }

  @Override
  public String title() {
    return "CRI-O";
  }

  @Override
  public NodeConfiguration configure(NodeSetup setup) throws TransferException {
    List<NodeFile> files = new ArrayList<>();
    files.add(ContainersSetup.registries(setup));
    List<String> steps = ContainersSetup.steps(setup, "Put the files below in place on each node.");
    List<String> remarks = new ArrayList<>(ContainersSetup.remarks(setup));
    if (setup.username().isPresent()) {
      files.add(
          new NodeFile(
              "/etc/crio/crio.conf.d/50-mirror-images.conf",
              NodeFile.PUBLIC,
              "# Credentials for pods without a pull secret.\n[crio.image]\nglobal_auth_file = "
                  + TextLiteral.quoted(AUTH)));
      files.add(
          new NodeFile(
              AUTH,
              NodeFile.PRIVATE,
              "{\n  \"auths\": {\n    %s: {\"auth\": %s}\n  }\n}"
                  .formatted(TextLiteral.quoted(setup.host()), TextLiteral.quoted(PLACEHOLDER))));
      steps.add(
          "Replace %s in %s by what this prints after the password is typed: `stty -echo; read -r P; stty echo; printf '%%s:%%s' %s \"$P\" | base64 -w 0`"
              .formatted(PLACEHOLDER, AUTH, TextLiteral.word(setup.username().get())));
      steps.add("Restart, for the credentials: `systemctl restart crio`");
      remarks.add(
          "Pull secrets of pods are for the original registry, and are not sent to a mirror at"
              + " another host: private projects need the file with the credentials.");
    } else {
      steps.add("Reload: `systemctl reload crio` (or restart it; running pods go on).");
    }
    steps.add("Check, with an image of the list: `crictl pull %s`".formatted(setup.example()));
    remarks.add(
        "pause_image and the kubelet's images keep their names: they are found at the mirror too.");
    remarks.add("insecure_registries of crio.conf has no effect any more; the file above has it.");
    return new NodeConfiguration(files, steps, remarks);
  }
}
