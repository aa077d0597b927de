import { readFileSync } from "node:fs";
import type { Case } from "./case"; import { ask } from "./judge"; import { answer } from "./ours"; import { sameAnswer } from "./compare";
const cases: Case[] = JSON.parse(readFileSync(0,"utf8"));
let ok=0;
for (const c of cases) { const theirs = await ask(c); let mine; try { mine = answer(c);} catch (e) { mine={error:"CRASH "+(e as Error).stack, warnings:[]}}
 if (sameAnswer(c,theirs,mine) && (process.env.BYTES!=="1" || theirs.output===mine.output || theirs.output===mine.output+"\n")) {ok++; continue;} const a=(theirs.error ?? theirs.output ?? "").split("\n"), b=(mine.error ?? mine.output ?? "").split("\n"); console.log("### "+c.name, process.env.FILES==="0"?"":JSON.stringify(c.files)); 
 const d=[...a.filter(x=>!b.includes(x)).slice(0,14).map(x=>"  - "+x), ...b.filter(x=>!a.includes(x)).slice(0,14).map(x=>"  + "+x)]; console.log(d.length?d.join("\n"):"  (order) first differing line "+a.findIndex((x,i)=>x!==b[i])+": "+a[a.findIndex((x,i)=>x!==b[i])]+" | "+b[a.findIndex((x,i)=>x!==b[i])]);  }
console.log(ok+"/"+cases.length);
