/** Holding our books against vendors' records, as a workflow: resumable, with its progress to be seen. */
@NullMarked
package ai.callmeback.workflows.reconcile;

import org.jspecify.annotations.NullMarked;
