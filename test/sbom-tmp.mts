import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
for (const p of process.argv.slice(2)) {
  const text=readFileSync(p,'utf8'); const bom=JSON.parse(text);
  const bad=await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
  const refs:string[]=[]; const nolic:string[]=[];
  const walk=(v:any,path='')=>{ if(Array.isArray(v)) v.forEach(x=>walk(x,path)); else if(v&&typeof v==='object'){ if(v['bom-ref'])refs.push(v['bom-ref']); if(v.type==='library'&&!v.licenses) nolic.push(v.name); for(const k in v) walk(v[k],path+'.'+k);} };
  walk(bom);
  const dups=refs.filter((r,i)=>refs.indexOf(r)!==i);
  const known=new Set(refs); const dangling=(bom.dependencies??[]).flatMap((d:any)=>[d.ref,...(d.dependsOn??[])]).filter((r:string)=>!known.has(r));
  console.log(p,{bad,dups,nolic,dangling,deps:(bom.dependencies??[]).length,purls:bom.components.filter((c:any)=>c.purl).map((c:any)=>c.purl)});
}
