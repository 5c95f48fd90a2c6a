/** What finance reads: figures summed from the books, with their state and the entries behind them. */
@NullMarked
package ai.callmeback.db.figures;

import org.jspecify.annotations.NullMarked;
