/** How the API says no: one catalogue of stable codes, one place that writes problem documents (RFC 9457). */
@NullMarked
package ai.callmeback.api.problem;

import org.jspecify.annotations.NullMarked;
