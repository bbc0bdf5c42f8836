/**
 * Registry to archive: {@link io.mirrorimages.job.save.SaveJob} with its {@link
 * io.mirrorimages.job.save.SaveOptions}.
 *
 * <pre>
 *   SaveJob -> CompleteArchive        nothing is left to do
 *          `-> SaveRun                plan, lay out, fill
 *               |-- ReusableArchives  what an older archive or a base has
 *               |-- OversizedImages   what fits no volume
 *               `-- ResumedSave       an earlier run's files
 *                    |-- EarlierFiles what the disk has
 *                    `-- LateImages   what could not be planned before
 * </pre>
 */
@NullMarked
package io.mirrorimages.job.save;

import org.jspecify.annotations.NullMarked;
