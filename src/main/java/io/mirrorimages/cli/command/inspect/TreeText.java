package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.image.Descriptor;
import io.mirrorimages.image.Platform;
import io.mirrorimages.job.inspect.ContentTree;
import io.mirrorimages.report.Units;
import java.util.List;

/** What an image consists of, as a tree: a line for each index, manifest, config and layer. */
final class TreeText {
  private final Screen screen;
  private final boolean drawn;

  TreeText(Screen screen) {
    this.screen = screen;
    this.drawn = screen.drawsLines();
  }

  void print(String name, ContentTree tree) {
    screen.line(name);
    print(tree, "", true);
  }

  private void print(ContentTree node, String indent, boolean last) {
    screen.line(indent + branch(last) + text(node));
    String below = indent + (last ? "   " : drawn ? "\u2502  " : "|  ");
    List<ContentTree> children = node.children();
    for (int i = 0; i < children.size(); i++) {
      print(children.get(i), below, i == children.size() - 1);
    }
  }

  private String branch(boolean last) {
    if (drawn) {
      return last ? "\u2514\u2500 " : "\u251c\u2500 ";
    }
    return last ? "`- " : "|- ";
  }

  private static String text(ContentTree node) {
    Descriptor entry = node.entry();
    return node.kind().label()
        + entry.platform().map(Platform::toString).map(p -> " " + p).orElse("")
        + "  "
        + Units.bytes(entry.size())
        + "  "
        + entry.digest()
        + node.elsewhere().map(where -> "  (in " + where + ")").orElse("");
  }
}
