/**
 * What Harbor needs beyond the OCI protocol: projects that have to be there before anything is
 * pushed, names that it refuses, rights it does not tell apart. Facts are from its source (v2.15).
 *
 * <pre>
 *   job.HarborPreparation, doctor.HarborCheck
 *     `-- Harbor                  one Harbor, by its client; nothing to close
 *          |-- Projects, Settings, Room   what its API tells
 *          |-- ProjectCreation            makes missing projects, if RequesterKind may
 *          |-- QuotaForecast, Rights      what would be refused
 *          `-- GuardedImages, ParkedProjects   what the API does not tell
 * </pre>
 */
@NullMarked
package io.mirrorimages.harbor;

import org.jspecify.annotations.NullMarked;
