package io.mirrorimages.cli.command.carry;

import io.mirrorimages.cli.closing.CommandText;
import io.mirrorimages.job.carry.CarriedTool;
import io.mirrorimages.job.carry.ToolFiles;
import io.mirrorimages.nodes.rancher.ImportedArchive;
import java.util.Optional;

/** How the far side begins, for people there who have nothing but these files. */
final class LoadText {
  /** What all of them begin with, so that no other file is written over. */
  static final String BEGIN = "load instructions of ";

  private LoadText() {}

  /** What differs between an archive for a registry and one that nodes import. */
  private record Goal(String commands, String notes, String chineseSteps, String chineseNotes) {
    static Goal registry(String archive) {
      String login = " --registry HOST[/PROJECT] --username NAME --password-stdin < FILE";
      return new Goal(
          "mirror-images doctor --archive %1$s%2$s\n  mirror-images load --archive %1$s%2$s"
              .formatted(archive, login),
          """
          - HOST is the private registry, as harbor.example.com, FILE a file with the password. After "docker login HOST" both
            options of the login can be left out. --create-projects private lets Harbor have the projects that it lacks.
          - After an interruption run the same command again: what has arrived is not sent again.
          - mirror-images load --help shows all options;\
          """,
          "检查到仓库的通路、加载",
          """
          - HOST 是内网镜像仓库，例如 harbor.example.com；FILE 是存放密码的文件。已执行过 docker login HOST 时，可省略
            --username 和 --password-stdin。--create-projects private 会在 Harbor 中创建缺少的项目。
          - 任务中断后，重新执行同一条命令即可，已传完的内容不会再传。
          - mirror-images load --help 列出全部选项；\
          """);
    }

    static Goal nodes(ImportedArchive importer, String archive) {
      String title = importer.of().title();
      String guide = "mirror-images nodes " + importer.of().name() + " --preload";
      return new Goal(
          "# on each node, as root:\n  " + String.join("\n  # then: ", importer.steps(archive)),
          """
          - Nodes of %s import the archive without a registry: the last two commands are for each of them.
          - %s says more;\
          """
              .formatted(title, guide),
          "复制到节点并重启服务",
          """
          - 该归档由 %s 节点直接导入，不经过仓库：最后两条命令在每个节点上以 root 执行。
          - 详细说明：%s；\
          """
              .formatted(title, guide));
    }
  }

  /**
   * The text.
   *
   * @param delta whether the archive leaves out what an earlier one has
   * @param importer what nodes import it; empty if it is loaded into a registry
   */
  static String of(ToolFiles files, boolean delta, Optional<ImportedArchive> importer) {
    CarriedTool tool = files.tool();
    String archive = CommandText.file(files.names().pattern().getFileName());
    Goal goal =
        importer.map(nodes -> Goal.nodes(nodes, archive)).orElseGet(() -> Goal.registry(archive));
    return """
    %1$s%2$s (中文说明在后面)

    Put all files that were carried into one folder, and in that folder:

      sha256sum -c %3$s
      %4$s
      export PATH="$PWD/%5$s/bin:$PATH"
      mirror-images --version
      mirror-images verify --archive %6$s
      %11$s

    - sha256sum names files that did not come, or not intact: copy these once more.
    - %7$s
    %8$s%12$s README.md is in the folder %5$s.

    中文

    把带进来的所有文件放在同一个目录，在该目录中依次执行上面的命令：校验文件、解包工具、校验归档、%13$s。

    - sha256sum 会指出缺失或损坏的文件，重新拷贝这些文件即可。
    - %9$s
    %10$s%14$s中文文档见 %5$s/README.zh-CN.md。
    """
        .formatted(
            BEGIN,
            files.names().output().getFileName(),
            files.names().checksums().getFileName(),
            CarryText.unpack(tool),
            tool.folder(),
            archive,
            tool.hasJava()
                ? "The tool has a Java of its own, and needs a Linux with glibc 2.17 or newer and"
                    + " nothing else; any user can run it."
                : "The tool needs a Java 25 (as the package temurin-25-jre), and nothing else; any"
                    + " user can run it.",
            delta ? "- The archive is a delta: load the archive that it is based on first.\n" : "",
            tool.hasJava()
                ? "工具自带 Java，只需要 Linux 和 glibc 2.17 及以上，任何用户均可运行。"
                : "工具需要 Java 25（例如软件包 temurin-25-jre），无其他依赖，任何用户均可运行。",
            delta ? "- 该归档是增量归档：请先加载它所基于的归档。\n" : "",
            goal.commands(),
            goal.notes(),
            goal.chineseSteps(),
            goal.chineseNotes());
  }
}
