package io.mirrorimages.cli.command.inspect;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.archive.read.ArchivedFile;
import io.mirrorimages.archive.read.Inspection;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Platform;
import io.mirrorimages.job.inspect.ArchiveFacts;
import io.mirrorimages.job.inspect.ContentTree;
import io.mirrorimages.job.inspect.ImageDetail;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An archive, or an image of it, as JSON for programs. Fields are added, never changed. */
final class InspectJson {
  private InspectJson() {}

  /** All of an archive. */
  static ObjectNode of(
      ArchiveReader archive,
      Inspection inspection,
      List<Inspection.Item> items,
      Map<Inspection.Item, ContentTree> trees,
      ArchiveFacts facts)
      throws IOException {
    ObjectNode node = Json.MAPPER.createObjectNode();
    ArrayNode images = node.putArray("images");
    for (Inspection.Item item : items) {
      ObjectNode image = images.addObject();
      put(image, item);
      ContentTree tree = trees.get(item);
      if (tree != null) {
        image.set("tree", tree(tree));
      }
    }
    ArrayNode awaited = node.putArray("awaited");
    archive.awaited().forEach(image -> awaited.add(image.name().toString()));
    ArrayNode missing = node.putArray("missingVolumes");
    archive.missingVolumes().forEach(missing::add);
    archive.unfinishedBytes().ifPresent(bytes -> node.put("unfinishedBytes", bytes));
    node.put("unnamed", archive.unnamed().size());
    ArrayNode digests = node.putArray("unnamedDigests");
    archive.unnamed().forEach(image -> digests.add(image.digest().toString()));
    node.put("blobs", inspection.blobs());
    node.put("bytes", inspection.unique());
    node.put("sharingSaves", inspection.mentioned() - inspection.unique());
    node.put("rebuilt", !archive.rebuilt().isEmpty());
    put(node, facts);
    return node;
  }

  /** One image. */
  static ObjectNode of(ImageDetail detail, Inspection inspection) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    put(node, detail.item());
    ArrayNode parts = node.putArray("parts");
    for (ImageDetail.OfPlatform part : detail.platforms()) {
      ObjectNode one = parts.addObject();
      part.platform().map(Platform::toString).ifPresent(p -> one.put("platform", p));
      one.put("digest", part.manifest().entry().digest().toString());
      part.created().ifPresent(time -> one.put("created", time));
      ObjectNode labels = one.putObject("labels");
      part.labels().forEach(labels::put);
      ArrayNode layers = one.putArray("layers");
      for (ContentTree layer : part.manifest().children(ContentTree.Role.LAYER)) {
        ObjectNode entry = layers.addObject();
        entry.put("digest", layer.entry().digest().toString());
        entry.put("size", layer.entry().size());
        entry.put("images", inspection.users().getOrDefault(layer.entry().digest(), 1));
      }
    }
    node.set("tree", tree(detail.tree()));
    return node;
  }

  private static void put(ObjectNode image, Inspection.Item item) {
    image.put("name", item.image().name().toString());
    image.put("digest", item.image().descriptor().digest().toString());
    image.put("mediaType", item.image().descriptor().mediaType());
    ArrayNode platforms = image.putArray("platforms");
    item.platforms().forEach(platforms::add);
    image.put("size", item.size());
    image.put("own", item.own());
    ArrayNode elsewhere = image.putArray("needs");
    item.elsewhere().stream().sorted().forEach(elsewhere::add);
    item.fault().ifPresent(fault -> image.put("fault", fault));
  }

  private static void put(ObjectNode node, ArchiveFacts facts) {
    ArrayNode files = node.putArray("files");
    for (ArchivedFile file : facts.files()) {
      files
          .addObject()
          .put("path", file.path().toString())
          .put("format", file.format())
          .put("size", file.size());
    }
    node.put("fileBytes", ArchivedFile.sizeOf(facts.files()));
    node.put("written", facts.written().toString());
    ArrayNode archives = node.putArray("archives");
    for (ArchiveFacts.Saved saved : facts.archives()) {
      archives
          .addObject()
          .put("id", saved.id())
          .put("volumesGiven", saved.given())
          .put("volumes", saved.volumes());
    }
    ArrayNode bases = node.putArray("bases");
    for (ArchiveFacts.Base base : facts.bases()) {
      ObjectNode one = bases.addObject().put("id", base.id()).put("given", base.given());
      base.file().ifPresent(file -> one.put("file", file));
      base.written().ifPresent(time -> one.put("written", time.toString()));
    }
    if (!facts.archives().isEmpty()) {
      node.put("held", facts.held());
      node.put("neededFromBases", facts.needed());
    }
  }

  private static ObjectNode tree(ContentTree tree) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("kind", tree.kind().label());
    node.put("digest", tree.entry().digest().toString());
    node.put("mediaType", tree.entry().mediaType());
    node.put("size", tree.entry().size());
    tree.entry().platform().map(Platform::toString).ifPresent(p -> node.put("platform", p));
    tree.elsewhere().ifPresent(where -> node.put("in", where));
    if (!tree.children().isEmpty()) {
      ArrayNode children = node.putArray("children");
      tree.children().forEach(child -> children.add(tree(child)));
    }
    return node;
  }
}
