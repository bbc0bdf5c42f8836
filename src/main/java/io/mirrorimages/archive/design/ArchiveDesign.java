package io.mirrorimages.archive.design;

import io.mirrorimages.archive.layout.Inventory;
import io.mirrorimages.archive.layout.InventoryJson;
import io.mirrorimages.archive.layout.LayoutJson;
import io.mirrorimages.archive.layout.LayoutNames;
import io.mirrorimages.archive.layout.NamedImage;
import io.mirrorimages.archive.tar.Region;
import io.mirrorimages.archive.tar.TarLayout;
import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Digest;
import io.mirrorimages.mirror.PlannedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Where everything of an archive will be, volume by volume: a function of its plan, its spec and
 * its stages, known before anything is written. The same plan gives the same bytes.
 *
 * <p>In one file a later stage goes behind what there is. In volumes each stage is a {@link Part}
 * with volumes of its own, which stores nothing that an earlier part has; no volume depends on what
 * comes after it.
 */
public final class ArchiveDesign {
  private final ArchiveSpec spec;
  private final Optional<Inventory> base;
  private final List<String> ids;
  private final List<NamedImage> images = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final StoredBlobs stored;
  private final Map<Digest, Inventory.Blob> inBase;
  private final Map<Digest, Integer> volumeOf = new HashMap<>();
  private final List<VolumeContents> volumes = new ArrayList<>();

  /** As {@link #ArchiveDesign(List, ArchiveSpec, Stages)}, all at once. */
  public ArchiveDesign(List<PlannedImage> plan, ArchiveSpec spec) throws TransferException {
    this(plan, spec, Stages.one(plan.size()));
  }

  /**
   * {@link FailureKind#CORRUPT} if manifests contradict each other; {@link FailureKind#UNSUPPORTED}
   * if a blob does not fit into a volume.
   *
   * @param stages how many images of the plan were laid out at once
   */
  public ArchiveDesign(List<PlannedImage> plan, ArchiveSpec spec, Stages stages)
      throws TransferException {
    this.spec = spec;
    this.base = spec.base().map(Inventory::asBase);
    this.inBase = base.map(Inventory::byDigest).orElse(Map.of());
    this.stored = new StoredBlobs(plan, inBase.keySet());
    this.ids = new ArrayList<>();
    if (spec.volumeSize().isPresent()) {
      layOutVolumes(plan, stages.totals(), spec.volumeSize().getAsLong());
    } else {
      layOutFile(plan, stages);
    }
  }

  private void layOutFile(List<PlannedImage> plan, Stages stages) throws TransferException {
    List<Integer> totals = stages.totals();
    images.addAll(NamedImage.of(plan));
    parts.add(new Part(1, 1, images));
    totals.forEach(count -> ids.add(id(NamedImage.of(plan.subList(0, count)))));
    List<PlannedImage> firstPlan = plan.subList(0, totals.getFirst());
    List<NamedImage> first = NamedImage.of(firstPlan);
    StoredBlobs firstStored = new StoredBlobs(firstPlan, inBase.keySet());
    VolumeContents file =
        new VolumeContents(
            Batch.of(first, firstStored),
            firstStored,
            length(inventory(first, 1)),
            FrontRoom.of(stages.room(), first));
    volumes.add(file);
    for (int count : totals.subList(1, totals.size())) {
      List<PlannedImage> there = plan.subList(0, count);
      file.grow(NamedImage.of(there), new StoredBlobs(there, inBase.keySet()));
    }
  }

  private void layOutVolumes(List<PlannedImage> plan, List<Integer> totals, long volumeSize)
      throws TransferException {
    int done = 0;
    for (int count : totals) {
      List<PlannedImage> added = plan.subList(done, count);
      List<NamedImage> named = NamedImage.after(images, added);
      images.addAll(named);
      ids.add(id(images));
      Set<Digest> elsewhere = new HashSet<>(inBase.keySet());
      elsewhere.addAll(volumeOf.keySet());
      StoredBlobs fresh = new StoredBlobs(added, elsewhere);
      int before = volumes.size();
      parts.add(new Part(before + 1, Inventory.MOST_VOLUMES, named));
      List<Batch> batches = packed(named, fresh, volumeSize);
      parts.set(parts.size() - 1, new Part(before + 1, before + batches.size(), named));
      for (int i = 0; i < batches.size(); i++) {
        int number = before + i + 1;
        batches.get(i).blobs().forEach(blob -> volumeOf.put(blob, number));
        batches.get(i).manifests().forEach(manifest -> volumeOf.putIfAbsent(manifest, number));
      }
      // Of an archive without images there are no volumes.
      long inventory = batches.isEmpty() ? 0 : length(inventory(images, parts.getLast().last()));
      for (Batch batch : batches) {
        volumes.add(new VolumeContents(batch, fresh, inventory, FrontRoom.NONE));
      }
      done = count;
    }
  }

  /** The inventory's length, with room for what it was made for. */
  private static long length(Inventory inventory) {
    return InventoryJson.of(inventory.madeFor("")).length();
  }

  /**
   * Whether the JSON files have room for all images; of those of the first stage they always have,
   * and in volumes each stage has its own.
   */
  public boolean hasRoom() {
    return spec.volumeSize().isPresent()
        || volumes.getFirst().hasRoom(length(inventory(images, 1)));
  }

  /** Whether an archive's id is the one that volume {@code number} has after any of the stages. */
  public boolean isIdOf(int number, String id) {
    return spec.volumeSize().isPresent() ? idOf(number).equals(id) : ids.contains(id);
  }

  /** What was laid out at once: one part for each stage, or for all of them in one file. */
  public List<Part> parts() {
    return Collections.unmodifiableList(parts);
  }

  /** The newest id: what the archive is called when all of it is there. */
  public String id() {
    return ids.getLast();
  }

  /** All images under the names they have in the archive, in plan order. */
  public List<NamedImage> images() {
    return images;
  }

  /** The volumes in their order; one if there is no limit, none if there are no images. */
  public List<VolumeContents> volumes() {
    return volumes;
  }

  /** Whether the blob is left out because the base has it. */
  public boolean isInBase(Digest blob) {
    return inBase.containsKey(blob) && !stored.manifests().containsKey(blob);
  }

  /** The size of all files together, in bytes. */
  public long size() {
    return volumes.stream().mapToLong(VolumeContents::size).sum();
  }

  /**
   * What volume {@code number} says of the archive if it shows {@code shown}: of its own part and
   * those before it.
   */
  public Inventory inventory(List<NamedImage> shown, int number) {
    return inventory(shown, number, spec.volumeSize().isPresent() ? volumeOf::get : anywhere -> 1);
  }

  /** Which part a volume belongs to, counted from 0. */
  private int partOf(int number) {
    int part = 0;
    while (parts.get(part).last() < number) {
      part++;
    }
    return part;
  }

  private String idOf(int number) {
    return spec.volumeSize().isPresent() ? ids.get(partOf(number)) : id();
  }

  private List<Batch> packed(List<NamedImage> images, StoredBlobs stored, long volumeSize)
      throws TransferException {
    long longest =
        length(inventory(this.images, Inventory.MOST_VOLUMES, blob -> Inventory.MOST_VOLUMES));
    long metadata =
        TarLayout.END_MARKER
            + EntrySize.ofJson(LayoutNames.LAYOUT, LayoutJson.layout().length())
            + EntrySize.ofJson(LayoutNames.INVENTORY, longest)
            // The padding of both counts as one more block each.
            + EntrySize.ofJson(LayoutNames.INDEX, LayoutJson.index(List.of()).length())
            + EntrySize.ofJson(LayoutNames.DOCKER_MANIFEST, 2)
            + 2 * Region.BLOCK;
    if (metadata > volumeSize) {
      throw new TransferException(
          FailureKind.OPTION,
          "a volume of %d bytes is too small, %d are needed to say what the archive has: give a larger %s"
              .formatted(volumeSize, metadata, Setting.VOLUME_SIZE));
    }
    List<Batch> batches = VolumePacker.pack(images, stored, volumeSize - metadata, volumeSize);
    if (volumes.size() + batches.size() > Inventory.MOST_VOLUMES) {
      throw new TransferException(
          FailureKind.OPTION,
          "%d volumes are too many: give a larger %s"
              .formatted(volumes.size() + batches.size(), Setting.VOLUME_SIZE));
    }
    return batches;
  }

  private Inventory inventory(List<NamedImage> shown, int number, ToIntFunction<Digest> volume) {
    int part = partOf(number);
    List<String> earlier = spec.volumeSize().isPresent() ? ids.subList(0, part) : List.of();
    InventoryContents contents = new InventoryContents(base, inBase, this::isInBase, volume);
    for (NamedImage image : shown) {
      int home = homeOf(image);
      if (home <= part) {
        contents.add(image, home < part ? Optional.of(ids.get(home)) : Optional.empty());
      }
    }
    return contents.inventory(idOf(number), number, parts.get(part).last(), earlier);
  }

  /** Which part an image belongs to: the first that has it under this name. */
  private int homeOf(NamedImage image) {
    int home = 0;
    while (home < parts.size() - 1 && !parts.get(home).has(image)) {
      home++;
    }
    return home;
  }

  /** Depends on everything that decides what the archive holds and where. */
  private String id(List<NamedImage> images) {
    StringBuilder text = new StringBuilder();
    text.append(spec.volumeSize().isPresent() ? spec.volumeSize().getAsLong() : "").append('\n');
    text.append(spec.base().map(Inventory::id).orElse("")).append('\n');
    for (NamedImage image : images) {
      text.append(image.name()).append(' ').append(image.image().top().digest()).append('\n');
    }
    return Digest.sha256(text.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }
}
